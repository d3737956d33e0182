"""Reads one layer of a store: opens it, walks it, and never raises for what the image holds."""

import hashlib
from collections.abc import Mapping

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image.compression import Chunks
from tidewaiter.scan.image.damage import DamageError
from tidewaiter.scan.image.facts import LayerFacts
from tidewaiter.scan.image.layer import LayerPass
from tidewaiter.scan.image.plan import Plan
from tidewaiter.scan.image.store import ImageStore, LayeredStore, StoredLayer
from tidewaiter.scan.image.tar import TarWalk

Also = Mapping[str, tuple[str, ...]]
"""Path as the layer writes it -> ids of the analyzers that want it beyond those that its name selects."""


def read_layer(
    store: ImageStore, layer: StoredLayer, plan: Plan, also: Also, *, diff_id: str = "", verify: bool = False
) -> LayerFacts:
    """Return the facts of one layer.

    `diff_id` is what the configuration states for it. `verify` hashes the uncompressed bytes on the way, which makes
    a plain layer be read in full; else that is only done where a layer lacks its end mark.
    """
    reading = LayerPass(plan, also=also)
    facts = reading.facts
    if layer.missing:
        facts.unknowns.append(Unknown(subject="", reason=layer.missing, advice="save the image again"))
        return facts
    if layer.stated_size is not None:
        reason = f"the blob has {layer.size} bytes, its manifest says {layer.stated_size}"
        facts.unknowns.append(Unknown(subject="", reason=reason, advice="pull the image again"))
    try:
        if store.kind == "filesystem":
            with store.walk() as entries:
                return reading.run(entries)
        with store.open(layer) as stream:
            chunks = Chunks(stream, plan.limits, verify=verify)
            walk = TarWalk(chunks, plan.limits)
            reading.run(walk)
            facts.made_bytes = chunks.made_bytes
            facts.diff_id = chunks.digest
        if not walk.is_marked and not (diff_id and diff_id == (facts.diff_id or _digest(store, layer, plan))):
            reason = f"the layer ends at byte {facts.made_bytes} without an end mark, so it may be cut off"
            facts.unknowns.append(Unknown(subject="", reason=reason, advice="save or pull the image again"))
    except (DamageError, OSError) as error:
        facts.unknowns.append(Unknown(subject="", reason=f"the layer cannot be read ({error})"))
        facts.is_repeatable = False
    return facts


def _digest(store: LayeredStore, layer: StoredLayer, plan: Plan) -> str:
    """Read a layer once more, for the digest of its uncompressed bytes."""
    digest = hashlib.sha256()
    with store.open(layer) as stream:
        chunks = Chunks(stream, plan.limits)
        while chunk := chunks.next():
            digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"
