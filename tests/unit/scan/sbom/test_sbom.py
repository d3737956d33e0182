"""SBOMs of every form become the packages that they tell, and hostile ones become errors."""

import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import an_inventory
from tidewaiter.core.report import facts_of
from tidewaiter.render import cyclonedx, spdx
from tidewaiter.scan.sbom import SbomError, looks_like_sbom, read_sbom

PURL = "pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12&upstream=openssl"
RPM = "pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?arch=x86_64&distro=rhel-9&epoch=1&upstream=openssl-3.0.7-24.el9.src.rpm"
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "metadata": {"component": {"type": "container", "name": "shop/web:1", "version": "sha256:" + "1" * 64}},
    "components": [
        {"type": "operating-system", "name": "debian", "version": "12"},
        {"bom-ref": "a", "type": "library", "name": "libssl3", "version": "3.0.11-1", "purl": PURL,
         "licenses": [{"license": {"id": "Apache-2.0"}}],
         "properties": [{"name": "syft:location:0:path", "value": "/var/lib/dpkg/status"}]},
        {"bom-ref": "b", "type": "library", "group": "@a", "name": "b", "version": "1", "purl": "pkg:npm/%40a/b@1", "scope": "optional",
         "components": [{"bom-ref": "c", "type": "library", "name": "c", "purl": "pkg:npm/c@2"}]},
        {"type": "library", "name": "nameless", "version": "3"},
        {"type": "file", "name": "etc/passwd"},
    ],
    "dependencies": [{"ref": "b", "dependsOn": ["c", "gone"]}],
}  # fmt: skip
XML = f"""<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.4">
  <metadata><component type="container"><name>shop/web:1</name></component></metadata>
  <components>
    <component type="library" bom-ref="a"><name>libssl3</name><version>3.0.11-1</version>
      <licenses><license><id>Apache-2.0</id></license></licenses><purl>{PURL.replace("&", "&amp;")}</purl></component>
    <component type="library" bom-ref="b"><name>b</name><purl>pkg:npm/%40a/b@1</purl></component>
    <component type="library" bom-ref="c"><name>c</name><purl>pkg:npm/c@2</purl></component>
  </components>
  <dependencies><dependency ref="b"><dependency ref="c"/></dependency></dependencies>
</bom>
"""
SPDX = {
    "spdxVersion": "SPDX-2.3",
    "packages": [
        {"SPDXID": "SPDXRef-I", "name": "shop/web:1", "primaryPackagePurpose": "CONTAINER", "versionInfo": "sha256:" + "1" * 64},
        {"SPDXID": "SPDXRef-A", "name": "libssl3", "versionInfo": "3.0.11-1", "licenseDeclared": "Apache-2.0",
         "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": PURL}]},
        {"SPDXID": "SPDXRef-B", "name": "@a/b", "versionInfo": "1",
         "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/%40a/b@1"}]},
        {"SPDXID": "SPDXRef-C", "name": "c", "versionInfo": "2",
         "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/c@2"}]},
    ],
    "relationships": [
        {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-I"},
        {"spdxElementId": "SPDXRef-I", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-A"},
        {"spdxElementId": "SPDXRef-C", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-B"},
    ],
}  # fmt: skip
TAG_VALUE = f"""SPDXVersion: SPDX-2.2
# a comment
DocumentName: x
PackageName: shop/web:1
SPDXID: SPDXRef-I
PrimaryPackagePurpose: CONTAINER
PackageName: libssl3
SPDXID: SPDXRef-A
PackageVersion: 3.0.11-1
PackageLicenseDeclared: Apache-2.0
PackageComment: <text>two
lines</text>
ExternalRef: PACKAGE-MANAGER purl {PURL}
PackageName: @a/b
SPDXID: SPDXRef-B
ExternalRef: PACKAGE-MANAGER purl pkg:npm/%40a/b@1
PackageName: c
SPDXID: SPDXRef-C
ExternalRef: PACKAGE-MANAGER purl pkg:npm/c@2
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-I
Relationship: SPDXRef-I CONTAINS SPDXRef-A
Relationship: SPDXRef-B DEPENDS_ON SPDXRef-C
"""
SYFT = {
    "descriptor": {"name": "syft", "version": "1"},
    "source": {"type": "image", "name": "x", "metadata": {"userInput": "shop/web:1", "manifestDigest": "sha256:" + "1" * 64}},
    "distro": {"id": "debian", "versionID": "12"},
    "artifacts": [
        {"id": "a", "name": "libssl3", "version": "3.0.11-1", "purl": PURL, "licenses": [{"value": "Apache-2.0"}],
         "locations": [{"path": "/var/lib/dpkg/status"}]},
        {"id": "b", "name": "@a/b", "version": "1", "purl": "pkg:npm/%40a/b@1"},
        {"id": "c", "name": "c", "version": "2", "purl": "pkg:npm/c@2"},
    ],
    "artifactRelationships": [{"parent": "c", "child": "b", "type": "dependency-of"}],
}  # fmt: skip
STATEMENT = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "shop/web", "digest": {"sha256": "1" * 64}}],
    "predicateType": "https://spdx.dev/Document",
    "predicate": SPDX,
}
ENVELOPE = {
    "payloadType": "application/vnd.in-toto+json",
    "payload": base64.b64encode(json.dumps(STATEMENT).encode()).decode(),
    "signatures": [],
}
DOCUMENTS = {
    "cyclonedx": json.dumps(CYCLONEDX).encode(),
    "cyclonedx-xml": XML.encode(),
    "spdx": json.dumps(SPDX).encode(),
    "spdx-tag-value": TAG_VALUE.encode(),
    "syft": json.dumps(SYFT).encode(),
    "in-toto": json.dumps(STATEMENT).encode(),
    "dsse": json.dumps(ENVELOPE).encode(),
    "in-toto-data": json.dumps(STATEMENT | {"predicate": {"Data": json.dumps(SPDX)}}).encode(),
    "byte-order-mark": b"\xef\xbb\xbf" + json.dumps(SPDX).encode(),
}


@pytest.mark.parametrize("data", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_form_tells_the_same(data):
    """Name, packages with source and distribution, licences, and who needs whom."""
    assert looks_like_sbom(data[:4096])
    image = read_sbom(data)
    assert ("shop/web:1", "image") == (image.ref, image.kind)
    packages = {package.name: package for package in image.packages}
    assert {"libssl3", "@a/b", "c"} <= set(packages)
    ssl = packages["libssl3"]
    assert ("deb", "3.0.11-1", "openssl", "amd64", "debian-12") == (
        ssl.type,
        ssl.version,
        ssl.source[0],
        ssl.arch,
        ssl.distro,
    )
    assert "Apache-2.0" == ssl.licence
    assert ("debian", "12") == (image.os.id, image.os.version_id)
    assert ("pkg:npm/c@2",) == packages["@a/b"].requires
    assert all(package.location.image == "shop/web:1" for package in image.packages)
    assert not [one for one in image.unknowns if one.incomplete]


def test_components_without_package_url_are_told():
    """They stay in the inventory as `generic` and are named in a remark; files are no packages."""
    image = read_sbom(DOCUMENTS["cyclonedx"])
    assert [("generic", "nameless", "3")] == [
        (p.type, p.name, p.version) for p in image.packages if p.type == "generic"
    ]
    assert any("nameless" in one.reason and not one.incomplete for one in image.unknowns)
    assert "optional" == next(p.scope for p in image.packages if p.name == "@a/b")
    assert "var/lib/dpkg/status" == next(p.location.file for p in image.packages if p.type == "deb")


def test_the_epoch_of_an_rpm_is_part_of_its_version():
    """purl writes it as a qualifier, matching compares it."""
    bom = {"bomFormat": "CycloneDX", "components": [{"type": "library", "name": "x", "purl": RPM}]}
    (package,) = read_sbom(json.dumps(bom).encode()).packages
    assert ("1:3.0.7-24.el9", "openssl", "x86_64") == (package.version, package.source[0], package.arch)
    assert RPM.partition("?")[0] == package.purl.partition("?")[0]


@pytest.mark.parametrize("renderer", [cyclonedx, spdx], ids=["cyclonedx", "spdx"])
def test_our_own_documents_give_everything_back(renderer):
    """Image, layers and packages of a scan survive the way through an SBOM."""
    facts = an_inventory().facts
    again = facts_of(read_sbom(renderer.render(an_inventory()).encode()), ())
    assert (facts.image, facts.layers, facts.packages) == (again.image, again.layers, again.packages)


def test_what_trivy_adds_is_read():
    """Source package and layer properties of another tool, for purls that lack them."""
    properties = {
        "SrcName": "openssl",
        "SrcVersion": "3.0.7",
        "SrcRelease": "24.el9",
        "SrcEpoch": "1",
        "Modularitylabel": "m:1",
    }
    component = {
        "type": "library",
        "name": "openssl-libs",
        "purl": "pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?arch=x86_64&distro=redhat-9.2&epoch=1",
        "properties": [{"name": f"aquasecurity:trivy:{key}", "value": value} for key, value in properties.items()],
    }
    (package,) = read_sbom(json.dumps({"bomFormat": "CycloneDX", "components": [component]}).encode()).packages
    assert ("openssl", "1:3.0.7-24.el9", "m:1") == (*package.source, package.module)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no SBOM"),
        (b"hello", "no SBOM"),
        (b"{}", "no SBOM"),
        (b'{"bomFormat": "CycloneDX", "comp', "malformed"),
        (b'{"a": ' * 5000, "nested deeper"),
        (json.dumps(ENVELOPE | {"payload": "!"}).encode(), "base64"),
        (json.dumps(STATEMENT | {"predicate": {"builder": 1}}).encode(), "holds no SBOM"),
        (XML.replace("<bom", '<!DOCTYPE x [<!ENTITY a "b">]><bom').encode(), "document type"),
        (XML[:400].encode(), "malformed"),
    ],
    ids=["empty", "text", "object", "cut", "deep", "payload", "predicate", "doctype", "cut-xml"],
)
def test_what_is_no_sbom_is_told(data, reason):
    """An error in words, never another exception."""
    with pytest.raises(SbomError) as caught:
        read_sbom(data)
    assert reason in caught.value.message


@pytest.mark.parametrize(
    "broken",
    [
        {"components": {"a": 1}},
        {"components": [1, None, {"name": 5, "purl": ["x"]}]},
        {"components": [{"name": "a", "purl": "pkg:"}], "dependencies": [{"ref": 1, "dependsOn": "x"}]},
        {
            "metadata": [],
            "components": [{"name": "a", "properties": "x", "licenses": [1], "evidence": {"occurrences": 3}}],
        },
    ],
    ids=["object", "elements", "purl", "shapes"],
)
def test_parts_of_another_shape_cost_no_more_than_themselves(broken):
    """What can be read is read."""
    image = read_sbom(json.dumps({"bomFormat": "CycloneDX"} | broken).encode(), ref="x")
    assert "x" == image.ref


@given(st.sampled_from(sorted(DOCUMENTS)), st.data())
def test_mutated_documents_raise_nothing_else(name, data):
    """Bytes cut out, doubled and changed give an image or an SbomError."""
    body = bytearray(DOCUMENTS[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1)) if body else 0
        kind = data.draw(st.sampled_from("cds"))
        if kind == "c":
            del body[place : place + data.draw(st.integers(1, 40))]
        elif kind == "d":
            body[place:place] = body[place : place + 30]
        elif body:
            body[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(SbomError):
        read_sbom(bytes(body))


def test_what_trivy_calls_distributions_is_understood():
    """Its own words, and the source package that it writes into a text of SPDX."""
    document = {
        "spdxVersion": "SPDX-2.3",
        "packages": [
            {"SPDXID": "o", "name": "alma", "versionInfo": "8.5", "primaryPackagePurpose": "OPERATING-SYSTEM"},
            {
                "SPDXID": "p",
                "name": "openssl-libs",
                "versionInfo": "1:1.1.1k-6.el8_5",
                "sourceInfo": "built package from: openssl 1:1.1.1k-6.el8_5",
                "externalRefs": [
                    {
                        "referenceType": "purl",
                        "referenceLocator": "pkg:rpm/alma/openssl-libs@1.1.1k-6.el8_5?arch=x86_64&distro=alma-8.5&epoch=1&modularitylabel=m:1:2:3",
                    }
                ],
            },
        ],
    }
    found = read_sbom(json.dumps(document).encode())
    (package,) = found.packages
    assert ("almalinux-8.5", "m:1:2:3", "openssl", "almalinux", "8.5") == (
        package.distro,
        package.module,
        package.source_name,
        found.os.id,
        found.os.version_id,
    )
