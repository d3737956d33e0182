"""Reads the layers of an image: from the cache, in processes of their own, or here; the result is the same."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, Protocol, runtime_checkable

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image.facts import FactsError, LayerFacts, decode_facts, encode_facts
from tidewaiter.scan.image.plan import Plan
from tidewaiter.scan.image.reading import Also, read_layer
from tidewaiter.scan.image.services import Failure, Job, LayerServices
from tidewaiter.scan.image.store import ImageStore, LayeredStore, StoredLayer

_GZIP: Final = b"\x1f\x8b"
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
PARALLEL_BYTES: Final = 20 << 20
"""Stored bytes from which processes are worth their start."""


@runtime_checkable
class FetchingStore(LayeredStore, Protocol):
    """A store whose layers lie elsewhere."""

    def fetch(self, layers: Sequence[StoredLayer]) -> None:
        """Bring the stored bytes of these layers here; a layer that could not be had raises OSError when opened."""
        ...


class LayerReader:
    """Reads layers of one image by one plan."""

    def __init__(
        self,
        store: ImageStore,
        plan: Plan,
        services: LayerServices,
        *,
        diff_ids: Sequence[str],
        progress: Callable[[str], None],
    ) -> None:
        """`diff_ids` are those of the configuration, one per layer, or empty when they do not match the layers."""
        self._store = store
        self._plan = plan
        self._services = services
        self._diff_ids = diff_ids
        self._progress = progress

    def read_all(self, stored: Sequence[StoredLayer]) -> list[LayerFacts]:
        """Return the facts of every layer; those behind the bound on the image's bytes are told to be unread."""
        bound = self._plan.limits.image_bytes
        ready = self._ready({layer.index: {} for layer in stored}, stored)
        facts: list[LayerFacts] = []
        made = 0
        for layer in stored:
            if made > bound:
                reason = f"not read: the layers below have more than {bound} bytes"
                facts.append(LayerFacts(unknowns=[Unknown(subject="", reason=reason)]))
                continue
            self._progress(f"layer {layer.index + 1} of {len(stored)} ({layer.size / 1e6:.0f} MB)")
            one = ready[layer.index] if layer.index in ready else self._read(layer, {})
            made += one.made_bytes
            facts.append(one)
        return facts

    def read_again(self, stored: Sequence[StoredLayer], wanted: Mapping[int, Also]) -> Iterator[tuple[int, LayerFacts]]:
        """Yield the facts of some layers by index, this time with further files."""
        layers = [stored[index] for index in wanted]
        ready = self._ready(wanted, layers)
        for layer in layers:
            self._progress(f"layer {layer.index + 1} again, for files behind links")
            also = wanted[layer.index]
            yield layer.index, ready[layer.index] if layer.index in ready else self._read(layer, also)

    def _ready(self, wanted: Mapping[int, Also], stored: Sequence[StoredLayer]) -> dict[int, LayerFacts]:
        """Return what the cache knows and what processes of their own have read."""
        ready = {layer.index: known for layer in stored if (known := self._cached(layer, wanted[layer.index]))}
        left = [layer for layer in stored if layer.index not in ready]
        if left and isinstance(self._store, FetchingStore):
            self._progress(f"fetching {len(left)} of {len(stored)} layers")
            self._store.fetch(left)
        workers = self._services.workers
        heavy = sum(layer.size for layer in left) >= PARALLEL_BYTES
        if workers is None or not heavy or self._store.kind == "filesystem" or not workers.is_ready():
            return ready
        jobs = [Job(one.index, self._cost(one), partial(self._encoded, one, wanted[one.index])) for one in left]
        jobs.sort(key=lambda job: (-job.cost, job.index))
        self._progress(f"reading {len(jobs)} layers")
        by_index = {layer.index: layer for layer in left}
        for done, (index, result) in enumerate(workers.run(jobs), 1):
            self._progress(f"{done} of {len(jobs)} layers read")
            failure = (
                self._taken(by_index[index], wanted[index], result, ready) if isinstance(result, bytes) else result
            )
            if failure is not None:
                unread = Unknown(subject="", reason=failure.reason, advice=failure.advice)
                ready[index] = LayerFacts(unknowns=[unread], is_repeatable=False)
        return ready

    def _taken(self, layer: StoredLayer, also: Also, result: bytes, ready: dict[int, LayerFacts]) -> Failure | None:
        """Take in what a process sent; it read hostile bytes, so that even its own may be anything."""
        try:
            ready[layer.index] = decode_facts(result)
        except FactsError as error:
            return Failure(reason=f"the layer could not be read: its process sent something else ({error})")
        self._keep(layer, also, ready[layer.index], result)
        return None

    def _cost(self, layer: StoredLayer) -> int:
        """Return how large a layer may be when unpacked, for the order of work only, since a layer may lie about it.

        The last four bytes of a gzip member are its uncompressed size modulo 2^32 (RFC 1952: 2.3.1).
        """
        if self._store.kind == "filesystem":
            return layer.size
        try:
            with self._store.open(layer) as stream:
                if stream.read(2) != _GZIP or stream.skip(layer.size - 6) != layer.size - 6:
                    return layer.size
                return max(layer.size, int.from_bytes(stream.read(4), "little"))
        except OSError:
            return layer.size

    def _read(self, layer: StoredLayer, also: Also) -> LayerFacts:
        facts = self._read_only(layer, also)
        self._keep(layer, also, facts, b"")
        return facts

    def _encoded(self, layer: StoredLayer, also: Also) -> bytes:
        return encode_facts(self._read_only(layer, also))

    def _read_only(self, layer: StoredLayer, also: Also) -> LayerFacts:
        return read_layer(self._store, layer, self._plan, also, diff_id=self._diff_id(layer))

    def _diff_id(self, layer: StoredLayer) -> str:
        """Return the stated digest of the uncompressed bytes when it is one that is computed here."""
        stated = self._diff_ids[layer.index] if self._diff_ids else ""
        return stated if _DIGEST.fullmatch(stated) else ""

    def _cached(self, layer: StoredLayer, also: Also) -> LayerFacts | None:
        cache, diff_id = self._services.cache, self._diff_id(layer)
        if cache is None or not diff_id or layer.missing or layer.stated_size is not None:
            return None
        held = cache.get(self._plan.layer_key(diff_id, also))
        try:
            facts = decode_facts(held) if held is not None else None
        except FactsError:
            return None
        return facts if facts is not None and facts.diff_id == diff_id else None

    def _keep(self, layer: StoredLayer, also: Also, facts: LayerFacts, encoded: bytes) -> None:
        """Cache what was read in full, has the digest that the configuration states, and would be read so again.

        The digest is what keeps an image from lying about its layers: facts of other bytes would else be told of
        every image that truly has the layer.
        """
        diff_id = self._diff_id(layer)
        if self._services.cache is not None and diff_id and facts.diff_id == diff_id and facts.is_repeatable:
            self._services.cache.put(self._plan.layer_key(diff_id, also), encoded or encode_facts(facts))
