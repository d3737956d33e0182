"""Opening images: what a gate asks for, and the one error it has to handle."""

from contextlib import AbstractContextManager
from typing import Protocol

from tidewaiter.core.model.image import Image
from tidewaiter.scan.image import ImageStore


class ImageError(Exception):
    """There is no image to read: what happened, and what to do about it."""

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep the sentence and the advice; both without final stop."""
        super().__init__(message)
        self.message = message
        self.advice = advice


class ReadInventory(Protocol):
    """Reads what others found in an image, which saves reading the image."""

    def __call__(self, reference: str, *, name: str = "") -> Image | None:
        """Return the image that an SBOM describes, None when the reference is no SBOM. Raises ImageError."""
        ...


class OpenImage(Protocol):
    """Opens an image by its reference."""

    def __call__(self, reference: str, *, name: str = "") -> AbstractContextManager[ImageStore]:
        """Open the archive or folder; `name` chooses among several images of one archive. Raises ImageError."""
        ...
