"""Documents of a registry are hostile input."""

import contextlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fake_registry import INDEX, MANIFEST, descriptor
from tidewaiter.adapters.registry.manifest import choose, read_manifest
from tidewaiter.ports.registry import Platform, RegistryError

IMAGE = {
    "schemaVersion": 2,
    "mediaType": MANIFEST,
    "config": descriptor(b"{}", "application/vnd.oci.image.config.v1+json"),
    "layers": [descriptor(b"1", "x"), descriptor(b"2", "x", urls=["https://a.example/"], annotations={"a": "b"})],
    "annotations": {"org.example": "x"},
}
LIST = {
    "schemaVersion": 2,
    "mediaType": INDEX,
    "manifests": [descriptor(b"{}", MANIFEST, platform={"os": "linux", "architecture": "amd64"})],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the places of all values in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(place for key, one in inner for place in paths(one, (*above, key)))]


def changed(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    """Return the document with another value at a place."""
    if not place:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[place[0]] = changed(document[place[0]], place[1:], value)
    return copy


@settings(max_examples=400)
@given(st.sampled_from([IMAGE, LIST]), st.data())
def test_any_change_is_read_or_refused(document: Any, data: st.DataObject):
    """Whatever stands in a document, it is read or refused with a sentence."""
    place = data.draw(st.sampled_from(paths(document)))
    body = json.dumps(changed(document, place, data.draw(JSON))).encode()
    with contextlib.suppress(RegistryError):
        manifest = read_manifest(body, data.draw(st.sampled_from([INDEX, MANIFEST, ""])))
        if manifest.is_index:
            choose(manifest, Platform())
        else:
            assert all(layer.size >= 0 for layer in (*manifest.descriptors("layers"), *manifest.descriptors("config")))
            assert all(isinstance(text, str) for pair in manifest.annotations for text in pair)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(body: bytes):
    """Bytes that are no document are refused."""
    with contextlib.suppress(RegistryError):
        read_manifest(body, MANIFEST)
