"""Facts survive the way through pairs of texts."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.report import facts_of
from tidewaiter.core.report.carried import image_facts, image_of, image_pairs, package_facts, package_pairs
from tidewaiter.core.report.facts import BaseFacts, ImageFacts, LayerFacts, PackageFacts

TEXT = st.text(max_size=8)
MAYBE = st.none() | st.integers(0, 40)
PACKAGES = st.builds(
    PackageFacts,
    purl=TEXT, name=TEXT, version=TEXT, type=TEXT, source=TEXT, layer=MAYBE, path=TEXT, origin=TEXT, source_version=TEXT,
    arch=TEXT, namespace=TEXT, distro=TEXT, maintainer=TEXT, licence=TEXT, module=TEXT, repository=TEXT, owner=TEXT,
    inside=TEXT, is_main=st.booleans(), is_guess=st.booleans(), found=TEXT, scope=TEXT, direct=st.none() | st.booleans(),
    requires=st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip
SYSTEMS = st.builds(OperatingSystem, id=TEXT, version_id=TEXT, repositories=st.lists(TEXT, max_size=2).map(tuple))
IMAGES = st.builds(
    ImageFacts,
    ref=TEXT, digest=TEXT, os=TEXT, created=TEXT, user=TEXT, kind=st.sampled_from(["image", "filesystem"]),
    tags=st.lists(TEXT, max_size=2).map(tuple), source=TEXT, architecture=TEXT, system=st.none() | SYSTEMS,
    base=st.none() | st.builds(BaseFacts, names=st.just(("a",)), source=st.just("layers"), layers=MAYBE),
)  # fmt: skip
LAYERS = st.lists(TEXT, max_size=3).map(
    lambda ids: tuple(
        LayerFacts(index=place, diff_id=one, digest="", size=place, created_by=one, origin="own")
        for place, one in enumerate(ids)
    )
)


def blank(fact):
    """Return the fact with empty texts in place of defaults that are none: a pair cannot be empty."""
    fields = {f.name: f for f in msgspec.structs.fields(type(fact))}
    changes = {
        name: f.default for name, f in fields.items() if f.type is str and not f.required and not getattr(fact, name)
    }
    return msgspec.structs.replace(fact, **changes)


@given(PACKAGES)
def test_packages_survive(fact):
    """Every field comes back; an empty text comes back as the field's default."""
    pairs = package_pairs(fact)
    assert sorted(pairs) == list(pairs)
    assert blank(fact) == package_facts(dict(pairs), purl=fact.purl, version=fact.version)


@given(IMAGES, LAYERS)
def test_images_survive(image, layers):
    """Image and layers come back, and the model made of them gives the same facts again."""
    pairs = dict(image_pairs(image, layers))
    if not pairs:
        return
    assert (blank(image), layers) == image_facts(pairs, ref=image.ref)
    again = facts_of(image_of(image, layers, ()), ())
    assert (image.ref, image.digest, image.system, image.base) == (
        again.image.ref, again.image.digest, again.image.system, again.image.base,
    )  # fmt: skip
    assert [layer.diff_id for layer in layers] == [layer.diff_id for layer in again.layers]


def test_facts_hold_every_field_of_a_package():
    """A field that somebody adds to packages must reach reports and SBOMs, or their scan differs from the image's."""
    fields = set(Package.__struct_fields__) - {"location", "source_name"}
    assert fields <= set(PackageFacts.__struct_fields__)


def test_foreign_and_broken_pairs_are_refused():
    """Pairs of another tool, values that are no JSON, and values of another type give nothing."""
    own = {"purl": "pkg:npm/a@1", "version": "1"}
    assert package_facts({"syft:package:type": "npm"}, **own) is None
    assert package_facts({"tidewaiter:package:type": "npm", "tidewaiter:package:layer": "{"}, **own) is None
    assert package_facts({"tidewaiter:package:type": "npm", "tidewaiter:package:layer": '"x"'}, **own) is None
    assert package_facts({"tidewaiter:package:type": "npm"}, **own) is None
    assert image_facts({}, ref="x") is None
    assert image_facts({"tidewaiter:image:kind": "image", "tidewaiter:layer:0": "[]"}, ref="x") is None
