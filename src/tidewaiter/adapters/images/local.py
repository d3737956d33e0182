"""Archives and layouts: found out by their content, described by the readers of the scanner."""

import os
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from tidewaiter.adapters.images.folder_files import FolderFiles
from tidewaiter.adapters.images.stores import ArchiveStore
from tidewaiter.adapters.images.tar_files import TarFiles, uncompressed
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.ports.images import ImageError
from tidewaiter.scan.image import docker_archive, oci_layout
from tidewaiter.scan.image.archive import ArchiveFiles, ImageDescription, same_image
from tidewaiter.scan.image.damage import DamageError

_KINDS: Final = "give an archive (`docker save`) or an OCI layout, compressed or not, `fs:FOLDER` or `sbom:FILE`"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which of several images."""

    asked: str = ""
    """Name that the reference gives; the image must bear it."""
    name: str = ""
    """Name that helps to choose where the reference gives none."""
    platform: str = ""
    """`os/arch[/variant]`; empty prefers linux/amd64."""


def open_place(path: Path, choice: Choice, stack: ExitStack) -> ArchiveStore:
    """Open a file or folder; raises ImageError, or the scanner's ImageFormatError."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            folder = FolderFiles(path)
            return ArchiveStore(folder, _described(folder, str(path), choice), str(path), ())
        if not stat.S_ISREG(mode):
            raise ImageError(f"{path} is neither a file nor a folder", _KINDS)
        return open_archive(stack.enter_context(path.open("rb", buffering=0)), str(path), choice, stack)
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), error) from error


def open_archive(file: BinaryIO, source: str, choice: Choice, stack: ExitStack) -> ArchiveStore:
    """Open an archive in an open file; raises ImageError, or the scanner's ImageFormatError."""
    try:
        plain, size, unknowns = uncompressed(file, os.fstat(file.fileno()).st_size, source)
        if plain is not file:
            stack.callback(plain.close)
        files = TarFiles(plain, size, source)
        unknowns += tuple(files.unknowns)
        if not files:
            raise ImageError(f"{source} is not an image{_because(unknowns)}", _KINDS)
        return ArchiveStore(files, _described(files, source, choice, unknowns), source, unknowns)
    except (OSError, DamageError) as error:
        raise _unreadable(source, error) from error


def _described(
    files: ArchiveFiles, source: str, choice: Choice, unknowns: tuple[Unknown, ...] = ()
) -> ImageDescription:
    name = choice.asked or choice.name
    if files.size(docker_archive.MANIFEST) is not None:
        described = docker_archive.describe(files, source, name)
    elif files.size(oci_layout.INDEX) is not None:
        described = oci_layout.describe(files, source, name, platform=choice.platform)
    else:
        advice = f"scan it as a folder: `fs:{source}`" if isinstance(files, FolderFiles) else _KINDS
        raise ImageError(
            f"{source} is not an image: it has neither manifest.json nor index.json{_because(unknowns)}", advice
        )
    return _named(described, choice.asked, source)


def _named(image: ImageDescription, asked: str, source: str) -> ImageDescription:
    """Return the image when it bears the name that the reference asks for, or when none is asked for."""
    if asked and not any(asked == tag or same_image(asked, tag) for tag in image.tags):
        names = ", ".join(image.tags) or "none"
        raise ImageError(f"{source} holds no image named {asked}", f"leave the name away, or use one of: {names}")
    return image


def _because(unknowns: tuple[Unknown, ...]) -> str:
    return f" ({unknowns[0].reason})" if unknowns else ""


def _unreadable(source: str, error: Exception) -> ImageError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    advice = "check the path" if isinstance(error, FileNotFoundError) else "check its permissions and its disk"
    return ImageError(f"{source} cannot be read: {why}", advice)
