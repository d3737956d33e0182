"""Where an image's base comes from when no index knows it."""

import pytest

from tidewaiter.core.model.image import BaseImage, HistoryEntry, Image, ImageConfig, Layer
from tidewaiter.gates.build.bases import with_base
from tidewaiter.ports.bases import NoBases

NAME, DIGEST = "org.opencontainers.image.base.name", "org.opencontainers.image.base.digest"


def image(*steps, **fields):
    """Build an image from history lines; a leading `+` marks those that made a layer."""
    history, layers = [], []
    for step in steps:
        made = step.startswith("+")
        history.append(
            HistoryEntry(created_by=step.lstrip("+"), empty_layer=not made, layer=len(layers) if made else None)
        )
        if made:
            layers.append(Layer(index=len(layers), diff_id=f"sha256:{len(layers):064x}"))
    return Image(ref="x", history=tuple(history), layers=tuple(layers), **fields)


def origins(found):
    """Return the origin of every layer."""
    return [layer.origin for layer in found.layers]


def test_annotations_state_it():
    """The manifest's annotations name the base, but not which layers are its own."""
    found = with_base(image("+a", annotations=((NAME, "debian:12"), (DIGEST, "sha256:1"))), NoBases())
    assert BaseImage(names=("debian:12",), digest="sha256:1", source="annotation") == found.base
    assert ["unknown"] == origins(found)


def test_labels_state_it_too():
    """Tools that write labels instead of annotations are understood."""
    found = with_base(image("+a", config=ImageConfig(labels=((NAME, "debian:12"),))), NoBases())
    assert BaseImage(names=("debian:12",), source="annotation") == found.base


@pytest.mark.parametrize(
    ("steps", "layers"),
    [
        (("+ADD rootfs", 'CMD ["bash"]', "+RUN a", "+COPY b", "ENTRYPOINT x", "CMD y"), 1),
        (("+ADD rootfs", '/bin/sh -c #(nop)  CMD ["bash"]', "+RUN a"), 1),
        (("+ADD rootfs", 'CMD ["bash"]', "+RUN a", 'CMD ["python3"]', "+COPY b", "CMD y"), 2),
        (("+ADD rootfs", "+COPY b", "CMD y"), None),
        (("CMD y", "+COPY b"), None),
    ],
)
def test_history_gives_a_guess(steps, layers):
    """The last command below the image's own closing instructions ends the base; without one there is no guess."""
    found = with_base(image(*steps), NoBases())
    if layers is None:
        assert found.base is None
        return
    assert BaseImage(layers=layers, source="history") == found.base
    assert ["base"] * layers == origins(found)[:layers]
    assert set(origins(found)[layers:]) == {"own"}


def test_a_dockerfile_outweighs_annotations_and_guesses():
    """What a bound Dockerfile says stays."""
    known = BaseImage(names=("alpine:3",), source="dockerfile")
    found = with_base(image("+a", "CMD x", "+b", base=known, annotations=((NAME, "debian:12"),)), NoBases())
    assert known == found.base
