"""Reads one layer of a store: opens it, walks it, and never raises for what the image holds."""

from collections.abc import Mapping

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image.compression import Chunks
from tidewaiter.scan.image.damage import DamageError
from tidewaiter.scan.image.facts import LayerFacts
from tidewaiter.scan.image.layer import LayerPass
from tidewaiter.scan.image.plan import Plan
from tidewaiter.scan.image.store import ImageStore, StoredLayer
from tidewaiter.scan.image.tar import TarWalk

Also = Mapping[str, tuple[str, ...]]
"""Path as the layer writes it -> ids of the analyzers that want it beyond those that its name selects."""


def read_layer(store: ImageStore, layer: StoredLayer, plan: Plan, also: Also, *, diff_id: str = "") -> LayerFacts:
    """Return the facts of one layer.

    `diff_id` is what the configuration states for it; the uncompressed bytes are then hashed on the way, which makes
    a plain layer be read in full. Other bytes than stated are an Unknown: no engine would unpack such an image.
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
            chunks = Chunks(stream, plan.limits, verify=bool(diff_id))
            walk = TarWalk(chunks, plan.limits)
            reading.run(walk)
    except (DamageError, OSError) as error:
        facts.unknowns.append(Unknown(subject="", reason=f"the layer cannot be read ({error})"))
        facts.is_repeatable = False
        return facts
    facts.made_bytes = chunks.made_bytes
    facts.diff_id = chunks.digest
    if facts.diff_id and facts.diff_id != diff_id:
        reason = f"the layer's bytes have the digest {facts.diff_id}, the configuration says {diff_id}"
        facts.unknowns.append(Unknown(subject="", reason=reason, advice="save or pull the image again"))
    elif not walk.is_marked and not facts.diff_id:
        reason = f"the layer ends at byte {facts.made_bytes} without an end mark, so it may be cut off"
        facts.unknowns.append(Unknown(subject="", reason=reason, advice="save or pull the image again"))
    return facts
