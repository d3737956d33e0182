"""Opens images that lie on this machine by what they are, not by what they are called: archives, OCI layouts, folders."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from tidewaiter.adapters.images.local import Choice, open_archive, open_place
from tidewaiter.adapters.images.standard_input import spooled
from tidewaiter.adapters.images.stores import FolderStore
from tidewaiter.ports.images import ImageError
from tidewaiter.ports.registry import Platform
from tidewaiter.scan.image import ImageStore, LayeredStore
from tidewaiter.scan.image.archive import ImageFormatError

__all__ = ["exists", "is_layout", "open_file", "open_folder", "open_image", "open_path", "open_stdin"]

FOLDER_PREFIX: Final = "fs:"
_HEAD: Final = 256


@contextmanager
def open_image(reference: str, *, name: str = "", platform: Platform | None = None) -> Iterator[ImageStore]:
    """Open `PATH`, `PATH:NAME` (one of several images in an archive) or `fs:FOLDER`; raise ImageError otherwise.

    `name` chooses among several images where the reference itself names none.
    """
    if reference.startswith(FOLDER_PREFIX):
        yield open_folder(reference.removeprefix(FOLDER_PREFIX))
    else:
        with open_path(reference, name=name, platform=platform) as store:
            yield store


@contextmanager
def open_path(reference: str, *, name: str = "", platform: Platform | None = None) -> Iterator[LayeredStore]:
    """Open the archive or layout of `PATH` or `PATH:NAME`; raises ImageError."""
    path, asked = split(reference)
    with _told(), ExitStack() as stack:
        yield open_place(path, Choice(asked=asked, name=name, platform=str(platform or "")), stack)


@contextmanager
def open_file(
    file: BinaryIO, source: str, *, name: str = "", platform: Platform | None = None
) -> Iterator[LayeredStore]:
    """Open the archive in an open file, which stays open; `source` names it in messages. Raises ImageError."""
    with _told(), ExitStack() as stack:
        yield open_archive(file, source, Choice(name=name, platform=str(platform or "")), stack)


@contextmanager
def open_stdin(stream: BinaryIO, *, name: str = "", platform: Platform | None = None) -> Iterator[LayeredStore]:
    """Open the archive that comes from a stream, which is read to its end first. Raises ImageError."""
    with spooled(stream) as file, open_file(file, "standard input", name=name, platform=platform) as store:
        yield store


def open_folder(written: str) -> FolderStore:
    """Open a folder as if it were one layer; raises ImageError."""
    if not written:
        raise ImageError("`fs:` names no folder", "write `fs:.` for this one; perhaps a variable is empty")
    path = Path(written)
    try:
        real = path.resolve(strict=True)
        with os.scandir(real):
            pass
    except NotADirectoryError as error:
        raise ImageError(f"{path} is a file, `fs:` takes a folder", f"scan it as an image: `{path}`") from error
    except (OSError, RuntimeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ImageError(f"{path} cannot be read: {why}", "check the path and its permissions") from error
    return FolderStore(str(real), f"{FOLDER_PREFIX}{written}")


def exists(reference: str) -> bool:
    """Return whether `PATH` or the path of `PATH:NAME` exists."""
    return _exists(str(split(reference)[0]))


def is_layout(reference: str) -> bool:
    """Return whether `PATH` or `PATH:NAME` leads to a file, or to a folder with an image in it."""
    path, _ = split(reference)
    # These say no where we may not look, while those of pathlib raise.
    is_file, is_folder = os.path.isfile, os.path.isdir
    if not is_folder(path):
        return True
    if is_file(path / "index.json") and (is_file(path / "oci-layout") or is_folder(path / "blobs")):
        return True
    # Web applications have a file of this name too; that of `docker save` is a list.
    try:
        with (path / "manifest.json").open("rb") as file:
            return file.read(_HEAD).lstrip().startswith(b"[")
    except OSError:
        return False


def split(reference: str) -> tuple[Path, str]:
    """Split `PATH:NAME` at the first colon behind which the rest need not exist."""
    if _exists(reference):
        return Path(reference), ""
    at = reference.find(":")
    while at > 0:
        if _exists(reference[:at]):
            return Path(reference[:at]), reference[at + 1 :]
        at = reference.find(":", at + 1)
    return Path(reference), ""


def _exists(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a NUL in it
        return False


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ImageFormatError as error:
        raise ImageError(error.message, error.advice) from error
