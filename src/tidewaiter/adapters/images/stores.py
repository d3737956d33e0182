"""The two shapes of `ImageStore`: an image in an archive or layout, and a folder."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Protocol

from tidewaiter.adapters.images.folder import FolderEntries
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image import ByteStream, Entries, Limits, StoredLayer
from tidewaiter.scan.image.archive import ImageDescription


class OpenFiles(Protocol):
    """Files that can be opened as streams."""

    def open(self, name: str) -> AbstractContextManager[ByteStream]:
        """Open a file by its path from the root."""
        ...


class ArchiveStore:
    """An image whose files lie in an archive or an OCI layout."""

    kind: Final = "image"

    def __init__(self, files: OpenFiles, image: ImageDescription, source: str, unknowns: tuple[Unknown, ...]) -> None:
        """Join the description with the files that it speaks of."""
        self._files = files
        self.source = source
        self.tags = image.tags
        self.digest = image.digest
        self.config = image.config
        self.annotations = image.annotations
        self.layers = image.layers
        self.unknowns = unknowns + image.unknowns

    def open(self, layer: StoredLayer) -> AbstractContextManager[ByteStream]:
        """Open the stored bytes of a layer."""
        return self._files.open(layer.name)


class FolderStore:
    """A folder seen as an image of one layer without a configuration."""

    kind: Final = "filesystem"
    tags: tuple[str, ...] = ()
    digest = ""
    config = b""
    annotations: tuple[tuple[str, str], ...] = ()
    unknowns: tuple[Unknown, ...] = ()

    def __init__(self, root: str, source: str) -> None:
        """Take the real path of the folder."""
        self._root = root
        self.source = source
        self.layers = (StoredLayer(index=0, name=source),)

    @contextmanager
    def walk(self) -> Iterator[Entries]:
        """Walk the folder."""
        entries = FolderEntries(self._root, Limits().members)
        try:
            yield entries
        finally:
            entries.close()
