"""An image in a registry as the scanner sees it: the configuration is fetched at once, a layer when it is opened."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import BinaryIO, Final

import httpx2

from tidewaiter.adapters.registry.blobs import Download
from tidewaiter.adapters.registry.client import RegistryClient
from tidewaiter.adapters.registry.manifest import Manifest, choose, is_foreign, is_image_config
from tidewaiter.core.context import Reference
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.ports.registry import Descriptor, Platform, RegistryError
from tidewaiter.scan.image import ByteStream, Limits, StoredLayer
from tidewaiter.scan.image.windows import Window

Progress = Callable[[str], None]
_DEPTH: Final = 3
_AT_ONCE: Final = 3


class RegistryImage:
    """Implements `FetchingStore`; each layer is downloaded at most once, into a nameless file of our own."""

    kind: Final = "image"
    unknowns: tuple[Unknown, ...] = ()

    def __init__(
        self,
        clients: Sequence[RegistryClient],
        reference: Reference,
        manifest: Manifest,
        config: bytes,
        *,
        foreign: bool,
        progress: Progress,
    ) -> None:
        """Take the registries that may have the layers, best first, and what was fetched already."""
        self._clients = clients
        self._blobs = manifest.descriptors("layers")
        self._foreign = foreign
        self._progress = progress
        self._files: dict[str, BinaryIO] = {}
        self._failures: dict[str, OSError] = {}
        self._promised = 0
        """Bytes of the layers that were asked for so far."""
        self._stop = Event()
        named = str(reference)
        self.source = named
        self.tags = (named,)
        self.digest = manifest.digest
        self.config = config
        self.annotations = manifest.annotations
        self.layers = tuple(self._layer(index, blob) for index, blob in enumerate(self._blobs))

    def fetch(self, layers: Sequence[StoredLayer]) -> None:
        """Download layers, three at a time; one that could not be had raises OSError when it is opened."""
        wanted = {self._blobs[layer.index].digest: self._blobs[layer.index] for layer in layers if not layer.missing}
        missing = [blob for digest, blob in wanted.items() if digest not in self._files and self._has_place(blob)]
        if len(missing) == 1:
            self._keep(missing[0])
            return
        # The largest first: it would else be the last to end, alone.
        missing.sort(key=lambda blob: -blob.size)
        threads = ThreadPoolExecutor(_AT_ONCE)
        try:
            list(threads.map(self._keep, missing))
        except BaseException:
            # An interrupt would else wait for downloads that nobody wants any more, of a server that may be silent.
            self._stop.set()
            threads.shutdown(wait=False, cancel_futures=True)
            raise
        threads.shutdown()

    def _has_place(self, blob: Descriptor) -> bool:
        """Return whether all layers up to this one are no more than one image may have; else it counts as failed."""
        most = Limits().image_bytes
        self._promised += blob.size if blob.size <= Limits().layer_bytes else 0
        if self._promised > most:
            self._failures[blob.digest] = OSError(f"the layers have more than {most} bytes together")
        return self._promised <= most

    @contextmanager
    def open(self, layer: StoredLayer) -> Iterator[ByteStream]:
        """Open the stored bytes of a layer, downloaded and verified; raises OSError when that cannot be done."""
        blob = self._blobs[layer.index]
        if blob.digest not in self._files:
            self._keep(blob)
        if blob.digest in self._failures:
            raise self._failures[blob.digest]
        yield Window(partial(os.pread, self._files[blob.digest].fileno()), 0, blob.size)

    def close(self) -> None:
        """Remove the layers."""
        for file in tuple(self._files.values()):
            file.close()
        self._files.clear()

    def _layer(self, index: int, blob: Descriptor) -> StoredLayer:
        missing = ""
        if is_foreign(blob) and not self._foreign:
            missing = "its manifest says that it is to be had from elsewhere, which `registries.foreignLayers` allows"
        return StoredLayer(index=index, name=blob.digest, digest=blob.digest, size=blob.size, missing=missing)

    def _keep(self, blob: Descriptor) -> None:
        """Download a blob unless that has failed before."""
        if blob.digest in self._failures:
            return
        if self._stop.is_set():
            self._failures[blob.digest] = OSError("the download was given up")
            return
        try:
            self._files[blob.digest] = self._fetched(blob)
        except OSError as error:
            self._failures[blob.digest] = error

    def _fetched(self, blob: Descriptor) -> BinaryIO:
        """Return the verified bytes; every registry that has the image is asked before one failure is told."""
        _refuse_too_large(blob)
        failures: list[str] = []
        for fetch in self._ways(blob):
            file = tempfile.TemporaryFile(prefix="tidewaiter-")  # noqa: SIM115 - it lives as long as the image
            try:
                fetch(file)
            except RegistryError as error:
                file.close()
                failures.append(error.message)
            except BaseException:
                file.close()
                raise
            else:
                return file
        # The engine tells an unread layer by OSError; the sentences say which registry failed how.
        raise OSError("; ".join(failures) or "no registry has it")

    def _ways(self, blob: Descriptor) -> Iterator[Callable[[BinaryIO], None]]:
        """Yield the ways to fetch a blob, each of which fills a file."""
        for client in self._clients:
            yield partial(self._from_registry, client, blob)
        for url in blob.urls if is_foreign(blob) and self._foreign else ():
            if url.startswith("https://"):
                yield partial(self._from_elsewhere, url, blob)

    def _from_registry(self, client: RegistryClient, blob: Descriptor, file: BinaryIO) -> None:
        Download(client.session, blob, file, self._told(blob), self._stop).from_registry(client)

    def _from_elsewhere(self, written: str, blob: Descriptor, file: BinaryIO) -> None:
        try:
            url = httpx2.URL(written)
        except httpx2.InvalidURL as error:
            raise RegistryError("its manifest names a place for it that is no address") from error
        Download(self._clients[-1].session, blob, file, self._told(blob), self._stop).from_address(url)

    def _told(self, blob: Descriptor) -> Callable[[int], None]:
        named = blob.digest[:19]
        return lambda come: self._progress(f"downloading {named} ({come / 1e6:.0f} of {blob.size / 1e6:.0f} MB)")


def _refuse_too_large(blob: Descriptor) -> None:
    """Raise OSError for a blob that would not be read in full anyway, or for which there is no room."""
    most = Limits().layer_bytes
    if blob.size > most:
        raise OSError(f"it has {blob.size} bytes, more than the {most} that are read")
    room = shutil.disk_usage(tempfile.gettempdir()).free
    if blob.size > room:
        words = f"no room for its {blob.size / 1e6:.0f} MB in {tempfile.gettempdir()}, set TMPDIR to a larger place"
        raise OSError(words)


def find_image(client: RegistryClient, reference: Reference, platform: Platform | None) -> tuple[Manifest, bytes]:
    """Return the manifest for a platform and the configuration; raises RegistryError.

    Without a platform linux/amd64 is chosen from an index, and a single image is taken whatever it is made for.
    """
    manifest = client.manifest(reference.digest or reference.effective_tag)
    for _ in range(_DEPTH):
        if not manifest.is_index:
            break
        entry = choose(manifest, platform or Platform())
        manifest = client.manifest(entry.digest, size=entry.size)
    if manifest.is_index:
        raise RegistryError(f"indexes lie in each other deeper than {_DEPTH}", "push the image again")
    found = manifest.descriptors("config")
    if len(found) != 1 or not is_image_config(found[0]):
        kind = found[0].media_type if found else "nothing"
        raise RegistryError(f"{reference} is not a container image but {kind[:100]}", "name an image")
    return manifest, client.small_blob(found[0])
