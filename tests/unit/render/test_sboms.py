"""SBOMs against the official schema and an independent reader."""

import json

import msgspec
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from answers import a_report
from tidewaiter.core.model.image import BaseImage, Image, ImageConfig, Layer
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.report import facts_of
from tidewaiter.core.report.carried import image_facts, package_facts
from tidewaiter.render import cyclonedx, spdx

IMAGE = Image(
    ref="registry.example/shop/web:1.0",
    digest="sha256:" + "ab" * 32,
    config=ImageConfig(user="app", created="2026-01-01T00:00:00Z", architecture="amd64"),
    layers=(
        Layer(index=0, diff_id="sha256:1", origin="base"),
        Layer(index=1, diff_id="sha256:2", created_by="RUN x", origin="own"),
    ),
    os=OperatingSystem(id="debian", version_id="12", codename="bookworm", name="Debian GNU/Linux"),
    base=BaseImage(names=("debian:12",), layers=1),
    packages=(
        Package(type="deb", name="libssl3", version="1:3.0-1", arch="amd64", namespace="debian", distro="debian-12",
                source_name="openssl", location=Location(file="var/lib/dpkg/status", layer=0, image="x")),
        Package(type="npm", name="@a/b", version="1.0", requires=("pkg:npm/c@2",), licence="MIT OR odd <text>",
                location=Location(file="app/node_modules/@a/b/package.json", layer=1, image="x")),
        Package(type="npm", name="c", version="2", scope="dev", location=Location(file="app/c/package.json", layer=1, image="x")),
        Package(type="npm", name="c", version="2", location=Location(file="app/d/package.json", layer=1, image="x")),
        Package(type="maven", name="org.x:y", version="3", inside="lib/y.jar", location=Location(file="a.jar", layer=1, image="x")),
        Package(type="pypi", name="b\udcffd", version="1\udcff", location=Location(file="x\udcff", layer=1, image="x")),
    ),
)  # fmt: skip


def report(image=IMAGE, created="2026-11-25T07:00:00+00:00"):
    """Return a scan's report."""
    return msgspec.structs.replace(a_report(), facts=facts_of(image, ()), created=created)


def test_cyclonedx_is_valid():
    """The official schema takes it in its strict form."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(cyclonedx.render(report())) is None


def test_spdx_is_valid():
    """The reference implementation reads it and finds nothing wrong."""
    document = JsonLikeDictParser().parse(json.loads(spdx.render(report())))
    assert [] == validate_full_spdx_document(document)


@pytest.mark.parametrize("render", [cyclonedx.render, spdx.render], ids=["cyclonedx", "spdx"])
def test_empty_reports_are_valid_too(render):
    """A report without facts, and one without packages, give a document."""
    for one in (a_report(), report(Image(ref=""))):
        text = render(one)
        if render is cyclonedx.render:
            assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
        else:
            assert [] == validate_full_spdx_document(JsonLikeDictParser().parse(json.loads(text)))


@pytest.mark.parametrize("render", [cyclonedx.render, spdx.render], ids=["cyclonedx", "spdx"])
def test_equal_inventories_give_equal_bytes(render):
    """The same facts give the same document; another package gives another identity."""
    assert render(report()) == render(report())
    other = msgspec.structs.replace(IMAGE, packages=IMAGE.packages[:2])
    key = "serialNumber" if render is cyclonedx.render else "documentNamespace"
    assert json.loads(render(report()))[key] != json.loads(render(report(other)))[key]


def test_cyclonedx_keeps_all_facts():
    """Properties give every package, the image and its layers back, but for bytes that are no text."""
    bom = json.loads(cyclonedx.render(report()))
    facts = report().facts
    subject = bom["metadata"]["component"]
    pairs = {one["name"]: one["value"] for one in subject["properties"]}
    assert (facts.image, facts.layers) == image_facts(pairs, ref=subject["name"])
    libraries = [one for one in bom["components"] if one["type"] == "library"]
    back = [
        package_facts({p["name"]: p["value"] for p in one["properties"]}, purl=one["purl"], version=one["version"])
        for one in libraries
    ]
    assert [one for one in facts.packages if one.type != "pypi"] == [one for one in back if one.type != "pypi"]
    assert ["b\\udcffd"] == [one.name for one in back if one.type == "pypi"]


def test_references_are_unique_and_edges_meet_them():
    """One purl at two places is two components, and who needs it needs both."""
    bom = json.loads(cyclonedx.render(report()))
    refs = [one["bom-ref"] for one in bom["components"]]
    assert len(refs) == len(set(refs))
    edges = {one["ref"]: one["dependsOn"] for one in bom["dependencies"]}
    assert ["pkg:npm/c@2#app/c/package.json", "pkg:npm/c@2#app/d/package.json"] == edges["pkg:npm/%40a/b@1.0"]
    assert "pkg:npm/c@2#app/c/package.json" not in edges[bom["metadata"]["component"]["bom-ref"]]
