"""Joins the build history to the layers it made (OCI image-spec: config.md, history)."""

from collections.abc import Sequence

import msgspec

from tidewaiter.core.model.image import HistoryEntry, Layer


def align(
    history: Sequence[HistoryEntry], layers: Sequence[Layer]
) -> tuple[tuple[HistoryEntry, ...], tuple[Layer, ...]]:
    """Return both with each other's places; unchanged where the counts differ, because a guess by place would lie.

    Entries that made a layer stand in the order of the layers. Squashed and exported images hold another number.
    """
    if sum(not entry.empty_layer for entry in history) != len(layers):
        return tuple(history), tuple(layers)
    entries: list[HistoryEntry] = []
    made: list[Layer] = []
    for entry in history:
        if entry.empty_layer:
            entries.append(entry)
            continue
        index = len(made)
        entries.append(msgspec.structs.replace(entry, layer=index))
        made.append(msgspec.structs.replace(layers[index], created_by=entry.created_by, created=entry.created))
    return tuple(entries), tuple(made)
