"""Reads SBOMs from files and standard input as images that somebody else has looked at."""

import os
import stat
import sys
from pathlib import Path
from typing import Final

from tidewaiter.core.model.image import Image
from tidewaiter.ports.images import ImageError
from tidewaiter.scan.sbom import SbomError, looks_like_sbom, read_sbom

_PREFIX: Final = "sbom:"
_HEAD: Final = 4096
_MOST: Final = 256 << 20


def read_inventory(reference: str, *, name: str = "") -> Image | None:
    """Return the image that an SBOM describes; None when the reference is none.

    `sbom:PATH` (`-` for standard input) must be one, any other path may be one, which its first bytes tell. `name` is
    what the image is called instead of the SBOM's own word for it. Raises ImageError.
    """
    if reference.startswith(_PREFIX):
        path = reference.removeprefix(_PREFIX)
        return _read(sys.stdin.buffer.read(_MOST + 1) if path == "-" else _bytes(path), path, name)
    if not _may_be_sbom(reference):
        return None
    return _read(_bytes(reference), reference, name)


def _may_be_sbom(path: str) -> bool:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - a reference need not be a path
            return False
        with Path(path).open("rb") as stream:
            return looks_like_sbom(stream.read(_HEAD))
    except (OSError, ValueError):
        return False  # no file: whoever opens images says what it is instead


def _bytes(path: str) -> bytes:
    try:
        # A pipe without a writer would else be waited for.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise ImageError(f"{path} is no file", "give a file with an SBOM")
            return stream.read(_MOST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ImageError(f"{path} cannot be read: {why}", "check the path") from error


def _read(data: bytes, path: str, name: str) -> Image:
    if len(data) > _MOST:
        raise ImageError(f"{path} is larger than the {_MOST} bytes that are read", "split the SBOM")
    try:
        return read_sbom(data, ref=name, source=path)
    except SbomError as error:
        raise ImageError(f"{path}: {error.message}", error.advice) from error
