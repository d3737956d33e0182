"""Finds the image that an image was built on, and which of its layers are the base's (scanning guide 4)."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from tidewaiter.core.model.image import BaseImage, HistoryEntry, Image, Layer
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.ports.bases import BaseIndex, BaseIndexError, KnownBase
from tidewaiter.scan.image.chain import chain_ids

_NAME: Final = "org.opencontainers.image.base.name"
_DIGEST: Final = "org.opencontainers.image.base.digest"
_CMD: Final = re.compile(r"^(?:/bin/sh -c #\(nop\)\s+)?(?:CMD|ENTRYPOINT)\b")


def with_base(image: Image, index: BaseIndex) -> Image:
    """Return the image with its base and the origin of every layer, as far as they can be known.

    The longest stack of its lowest layers that the index knows is proof. Otherwise a bound Dockerfile has said so
    already, the manifest's annotations state it, or the history gives a guess. `BaseImage.source` says which. An index
    that cannot be read is told as a remark.
    """
    if image.kind == "filesystem" or not image.layers:
        return image
    try:
        found = _proven(image, index)
    except BaseIndexError as error:
        remark = Unknown(subject="base images", reason=str(error), advice=error.advice, incomplete=False)
        image = msgspec.structs.replace(image, unknowns=(*image.unknowns, remark))
        found = None
    if found is None:
        if image.base is not None:
            return image
        found = _stated(image) or _guessed(image)
    if found is None:
        return image
    return msgspec.structs.replace(image, base=found, layers=_marked(image.layers, found.layers))


def _proven(image: Image, index: BaseIndex) -> BaseImage | None:
    diff_ids = [layer.diff_id for layer in image.layers]
    if not all(diff_ids):
        return None
    chain = chain_ids(diff_ids)
    known = index.find(chain)
    for count in range(len(chain), 0, -1):
        bases = _others(known, chain[count - 1], image)
        if bases:
            return BaseImage(
                names=tuple(dict.fromkeys(base.name for base in bases)),
                digest=next((base.digest for base in bases if base.digest), ""),
                chain_id=chain[count - 1],
                layers=count,
            )
    return None


def _others(known: Mapping[str, Sequence[KnownBase]], chain_id: str, image: Image) -> list[KnownBase]:
    """Return the bases of a stack that are not the image itself, which may have been added as a base of others."""
    itself = {image.ref, *image.tags}
    # Another place gives an image another name and another digest; the moment at which it was built stays.
    created = image.config.created if image.config is not None else ""
    return [
        base
        for base in known.get(chain_id, ())
        if base.name not in itself
        and not (base.digest and base.digest == image.digest)
        and not (base.layers == len(image.layers) and base.created and base.created == created)
    ]


def _stated(image: Image) -> BaseImage | None:
    annotations = dict(image.annotations)
    labels = dict(image.config.labels) if image.config else {}
    name, digest = (annotations.get(key) or labels.get(key) or "" for key in (_NAME, _DIGEST))
    if not name and not digest:
        return None
    return BaseImage(names=(name or digest,), digest=digest, source="annotation")


def _guessed(image: Image) -> BaseImage | None:
    """Guess that the base ends with the last CMD or ENTRYPOINT below the image's own last instructions.

    An image that sets its own command ends with one, so the block of instructions without a layer at the top is passed
    over first (aquasecurity/trivy: pkg/fanal/image, GuessBaseImageIndex). A base without a command is not found.
    """
    history = image.history
    top = len(history)
    while top and history[top - 1].empty_layer:
        top -= 1
    for number in range(top - 1, -1, -1):
        entry = history[number]
        if entry.empty_layer and _CMD.match(entry.created_by.strip()):
            return _guess(history[: number + 1])
    return None


def _guess(below: Sequence[HistoryEntry]) -> BaseImage | None:
    layers = [entry.layer for entry in below if entry.layer is not None]
    return BaseImage(layers=max(layers) + 1, source="history") if layers else None


def _marked(layers: Sequence[Layer], count: int | None) -> tuple[Layer, ...]:
    if count is None:
        return tuple(layers)
    return tuple(msgspec.structs.replace(layer, origin="base" if layer.index < count else "own") for layer in layers)
