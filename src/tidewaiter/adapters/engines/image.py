"""An image of an engine as the scanner sees it; one that is known is exported only when a layer of it has to be read."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import BinaryIO, Final

import msgspec

from tidewaiter.adapters.engines.engine import Engine, EngineError, Inspected
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.ports.images import ImageError
from tidewaiter.scan.image import ByteStream, LayerCache, LayeredStore, StoredLayer
from tidewaiter.scan.json_text import JsonError, decode, mapping, texts

Progress = Callable[[str], None]
OpenArchive = Callable[[BinaryIO, str], AbstractContextManager[LayeredStore]]
"""Opens a docker archive in an open file; the text names it in messages."""


class _Known(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of an image: enough to find the facts of its layers without an export."""

    config: bytes
    sizes: tuple[int, ...]


class EngineImage:
    """Implements `FetchingStore`."""

    kind: Final = "image"
    annotations: tuple[tuple[str, str], ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    config: bytes = b""

    def __init__(
        self,
        engine: Engine,
        found: Inspected,
        *,
        names: tuple[str, ...],
        open_archive: OpenArchive,
        cache: LayerCache | None,
        progress: Progress,
        stack: ExitStack,
    ) -> None:
        """Take the engine and what it says; `names` are what it was asked for by, besides the engine's own.

        `stack` closes the export, `cache` remembers configurations.
        """
        self._engine = engine
        self._found = found
        self._open_archive = open_archive
        self._progress = progress
        self._stack = stack
        self._archive: LayeredStore | None = None
        self._failure: OSError | None = None
        self.source = f"{engine.address.kind}:{found.name}"
        self.tags = tuple(dict.fromkeys((*found.tags, *names)))
        known = _remembered(found, cache)
        if known is None:
            archive = self._exported()
            self.unknowns = archive.unknowns
            self.config = archive.config
            self.layers = archive.layers
            _remember(found, cache, _Known(archive.config, tuple(one.size for one in archive.layers)))
        else:
            self.config = known.config
            self.layers = tuple(
                StoredLayer(index=index, name=diff_id, size=size)
                for index, (diff_id, size) in enumerate(zip(found.diff_ids, known.sizes, strict=True))
            )
        self.digest = f"sha256:{hashlib.sha256(self.config).hexdigest()}" if self.config else ""

    def fetch(self, layers: Sequence[StoredLayer]) -> None:
        """Export the image if any of its layers is wanted; a failure is told by `open`."""
        if not layers:
            return
        try:
            self._exported()
        except ImageError as error:
            self._failure = OSError(str(error))

    def open(self, layer: StoredLayer) -> AbstractContextManager[ByteStream]:
        """Open a layer's bytes; raises OSError when the engine no longer gives the image that it described."""
        if self._failure is not None:
            raise self._failure
        try:
            archive = self._exported()
        except ImageError as error:
            raise OSError(str(error)) from error
        return archive.open(archive.layers[layer.index])

    def _exported(self) -> LayeredStore:
        if self._archive is None:
            kind = self._engine.address.kind

            def told(come: int) -> None:
                self._progress(f"receiving the image from {kind} ({come / 1e6:.0f} MB)")

            told(0)
            file = self._engine.export(self._found.name, told)
            self._stack.callback(file.close)
            archive = self._stack.enter_context(self._open_archive(file, self.source))
            if len(archive.layers) != len(self._found.diff_ids or archive.layers):
                raise EngineError(
                    f"{kind} describes {len(self._found.diff_ids)} layers and exports {len(archive.layers)}", _AGAIN
                )
            if self.config and archive.config != self.config:
                raise EngineError(f"{kind} exports another image than the one that it described", _AGAIN)
            self._archive = archive
        return self._archive


def _remembered(found: Inspected, cache: LayerCache | None) -> _Known | None:
    """Return what is remembered, if it fits what the engine says."""
    data = cache.get(_key(found)) if cache is not None else None
    if data is None:
        return None
    try:
        known = msgspec.msgpack.decode(data, type=_Known)
    except msgspec.MsgspecError:
        return None
    is_right = _fits(found, known.config) and len(known.sizes) == len(found.diff_ids)
    return known if is_right else None


def _remember(found: Inspected, cache: LayerCache | None, known: _Known) -> None:
    """Remember a configuration that fits what the engine says."""
    if cache is not None and _fits(found, known.config):
        cache.put(_key(found), msgspec.msgpack.encode(known))


def _fits(found: Inspected, config: bytes) -> bool:
    """Return whether the configuration is that of the image: its id is the digest, or with containerd's store its layers are."""
    if found.id.removeprefix("sha256:") == hashlib.sha256(config).hexdigest():
        return True
    try:
        stated = texts(mapping(mapping(decode(config)).get("rootfs")).get("diff_ids"))
    except JsonError:
        return False
    return bool(stated) and stated == found.diff_ids


def _key(found: Inspected) -> str:
    """Return a key as the cache of layers has them: the digest of what makes the value."""
    return hashlib.sha256(f"engine-image-1 {found.id}".encode()).hexdigest()


_AGAIN: Final = "scan again; the image was replaced meanwhile"
