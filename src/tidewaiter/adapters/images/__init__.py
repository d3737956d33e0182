"""Opens images by what they are, not by what they are called: archives, OCI layouts, folders."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from tidewaiter.adapters.images.folder_files import FolderFiles
from tidewaiter.adapters.images.stores import ArchiveStore, FolderStore
from tidewaiter.adapters.images.tar_files import TarFiles, uncompressed
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.ports.images import ImageError
from tidewaiter.scan.image import ImageStore, docker_archive, oci_layout
from tidewaiter.scan.image.archive import ArchiveFiles, ImageDescription, ImageFormatError, same_image
from tidewaiter.scan.image.damage import DamageError

__all__ = ["open_image"]

FOLDER_PREFIX: Final = "fs:"
_KINDS: Final = "an image is a `docker save` archive, an OCI layout (folder or tar, gzip allowed), or `fs:FOLDER`"


@contextmanager
def open_image(reference: str, *, name: str = "") -> Iterator[ImageStore]:
    """Open `PATH`, `PATH:NAME` (one of several images in an archive) or `fs:FOLDER`; raise ImageError otherwise.

    `name` chooses among several images where the reference itself names none.
    """
    try:
        with ExitStack() as stack:
            yield _open(reference, name, stack)
    except ImageFormatError as error:
        raise ImageError(error.message, error.advice) from error


def _open(reference: str, name: str, stack: ExitStack) -> ImageStore:
    if reference.startswith(FOLDER_PREFIX):
        return _folder(reference)
    path, asked = _split(reference)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            folder = FolderFiles(path)
            described = _named(_describe(folder, str(path), asked or name), asked, str(path))
            return ArchiveStore(folder, described, str(path), ())
        if not stat.S_ISREG(mode):
            raise ImageError(f"{path} is neither a file nor a folder", _KINDS)
        file = stack.enter_context(path.open("rb", buffering=0))
        plain, size, unknowns = uncompressed(file, path.stat().st_size, str(path))
        if plain is not file:
            stack.callback(plain.close)
        files = TarFiles(plain, size, str(path))
        unknowns += tuple(files.unknowns)
        if not files:
            raise ImageError(f"{path} is not an image{_because(unknowns)}", _KINDS)
        described = _named(_describe(files, str(path), asked or name, unknowns), asked, str(path))
        return ArchiveStore(files, described, str(path), unknowns)
    except (OSError, DamageError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        advice = "check the path" if isinstance(error, FileNotFoundError) else "check its permissions and its disk"
        raise ImageError(f"{path} cannot be read: {why}", advice) from error


def _describe(files: ArchiveFiles, source: str, name: str, unknowns: tuple[Unknown, ...] = ()) -> ImageDescription:
    if files.size(docker_archive.MANIFEST) is not None:
        return docker_archive.describe(files, source, name)
    if files.size(oci_layout.INDEX) is not None:
        return oci_layout.describe(files, source, name)
    advice = f"scan it as a folder: `fs:{source}`" if isinstance(files, FolderFiles) else _KINDS
    raise ImageError(
        f"{source} is not an image: it has neither manifest.json nor index.json{_because(unknowns)}", advice
    )


def _named(image: ImageDescription, asked: str, source: str) -> ImageDescription:
    """Return the image when it bears the name that the reference asks for, or when none is asked for."""
    if asked and not any(asked == tag or same_image(asked, tag) for tag in image.tags):
        names = ", ".join(image.tags) or "none"
        raise ImageError(f"{source} holds no image named {asked}", f"leave the name away, or use one of: {names}")
    return image


def _because(unknowns: tuple[Unknown, ...]) -> str:
    return f" ({unknowns[0].reason})" if unknowns else ""


def _split(reference: str) -> tuple[Path, str]:
    """Split `PATH:NAME` at the first colon behind which the rest need not exist."""
    whole = Path(reference)
    if os.path.lexists(whole):
        return whole, ""
    at = reference.find(":")
    while at > 0:
        if os.path.lexists(reference[:at]):
            return Path(reference[:at]), reference[at + 1 :]
        at = reference.find(":", at + 1)
    return whole, ""


def _folder(reference: str) -> ImageStore:
    path = Path(reference.removeprefix(FOLDER_PREFIX) or ".")
    try:
        real = path.resolve(strict=True)
        with os.scandir(real):
            pass
    except NotADirectoryError as error:
        raise ImageError(f"{path} is a file, `fs:` takes a folder", f"scan it as an image: `{path}`") from error
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ImageError(f"{path} cannot be read: {why}", "check the path and its permissions") from error
    return FolderStore(str(real), reference)
