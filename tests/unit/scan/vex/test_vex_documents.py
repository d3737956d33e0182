"""Statements out of documents of every form, and documents that are none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import shared
from tidewaiter.core.vuln.vex import Product
from tidewaiter.scan.vex import VexError, read_vex, read_vex_lines

OPENVEX = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": "x",
    "author": "Shop",
    "timestamp": "2026-01-01T00:00:00Z",
    "version": 1,
    "statements": [
        {
            "vulnerability": {"name": "CVE-1", "aliases": ["GHSA-1"]},
            "products": [
                {"@id": "pkg:oci/web@sha256%3Aaa", "identifiers": {"purl": "pkg:oci/web"}, "hashes": {"sha-256": "AB"},
                 "subcomponents": [{"@id": "pkg:npm/lodash@4"}, "pkg:npm/other"]}
            ],
            "status": "not_affected",
            "justification": "vulnerable_code_not_present",
            "timestamp": "2026-02-01T00:00:00Z",
        },
        {"vulnerability": "CVE-2", "products": ["pkg:npm/a"], "status": "affected", "action_statement": "upgrade"},
        {"vulnerability": {"@id": "https://nvd.nist.gov/vuln/detail/CVE-3"}, "products": [{"@id": "pkg:npm/a"}], "status": "fixed"},
    ],
}  # fmt: skip
CSAF = {
    "document": {"category": "csaf_vex", "csaf_version": "2.0", "publisher": {"name": "Shop"},
                 "tracking": {"current_release_date": "2026-01-01T00:00:00Z"}},
    "product_tree": {
        "branches": [{"branches": [{"product": {"product_id": "P1", "product_identification_helper": {"purl": "pkg:npm/a@1"}}}]}],
        "full_product_names": [
            {"product_id": "IMG", "product_identification_helper": {"purl": "pkg:oci/web@sha256%3Aaa"}},
            {"product_id": "NONE", "name": "without a name"},
        ],
        "relationships": [{"category": "installed_on", "product_reference": "P1", "relates_to_product_reference": "IMG",
                           "full_product_name": {"product_id": "IMG:P1"}}],
        "product_groups": [{"group_id": "G", "product_ids": ["IMG:P1"]}],
    },
    "vulnerabilities": [
        {"cve": "CVE-1", "ids": [{"text": "SHOP-1"}],
         "product_status": {"known_not_affected": ["IMG:P1", "NONE"], "fixed": ["P1"], "under_investigation": ["IMG"]},
         "flags": [{"label": "vulnerable_code_not_present", "group_ids": ["G"]}],
         "threats": [{"category": "impact", "details": "not reachable", "product_ids": ["IMG:P1"]}]},
        {"title": "nothing"},
    ],
}  # fmt: skip
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6", "serialNumber": "urn:uuid:1",
    "metadata": {"timestamp": "2026-01-01T00:00:00Z", "component": {"bom-ref": "root", "type": "container", "name": "shop/web", "version": "sha256:aa"}},
    "components": [{"bom-ref": "c1", "type": "library", "name": "lodash", "purl": "pkg:npm/lodash@4"}],
    "vulnerabilities": [
        {"id": "CVE-1", "references": [{"id": "GHSA-1"}], "affects": [{"ref": "c1"}],
         "analysis": {"state": "not_affected", "justification": "code_not_reachable", "detail": "why"}},
        {"id": "CVE-2", "affects": [{"ref": "urn:cdx:1/1#c1"}, {"ref": "gone"}], "analysis": {"state": "exploitable"}},
        {"id": "CVE-3", "affects": [{"ref": "c1"}]},
    ],
}  # fmt: skip
TRIVY = """# not in the execution path
CVE-1
CVE-2 exp:2026-12-31 # waiting for a fix
AVD-DS-0002

no id at all
CVE-3 exp:tomorrow
"""
TRIVY_YAML = """
vulnerabilities:
  - id: CVE-1
    paths: ["app/**"]
    statement: not used
    expired_at: 2026-12-31
  - id: CVE-2
    purls: ["pkg:npm/a@1"]
  - statement: nothing
misconfigurations:
  - id: AVD-DS-0001
"""
GRYPE = """
ignore:
  - vulnerability: CVE-1
    package: {name: lodash, version: 4.17.20, location: "/app/**"}
    reason: not used
  - fix-state: unknown
  - vulnerability: CVE-2
    package: {type: npm}
"""


def read(value, name="x.json"):
    """Read a document that is in a known form."""
    data = value.encode() if isinstance(value, str) else json.dumps(value).encode()
    found = read_vex(data, name=name)
    assert found is not None
    return found


def test_openvex():
    """Ids, names of products, parts, the statement's time over the document's."""
    found = read(OPENVEX)
    first, second, third = found.statements
    assert (("CVE-1", "GHSA-1"), "not_affected", "vulnerable_code_not_present") == (
        first.ids,
        first.status,
        first.justification,
    )
    names = ("pkg:oci/web@sha256%3Aaa", "pkg:oci/web", "sha256:ab")
    assert (Product(names=names, parts=("pkg:npm/lodash@4", "pkg:npm/other")),) == first.products
    assert ("Shop", "2026-02-01T00:00:00Z", "x.json") == (first.author, first.time, first.source)
    assert (("CVE-2",), "affected", "upgrade", "2026-01-01T00:00:00Z") == (
        second.ids,
        second.status,
        second.action,
        second.time,
    )
    assert ("CVE-3",) == third.ids
    assert () == found.problems


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "harmless"}, "has the status `harmless`, which is none"),
        ({"justification": ""}, "without a justification"),
        ({"vulnerability": {}}, "names no vulnerability"),
        ({"products": []}, "names no product"),
    ],
)
def test_statements_that_say_too_little_are_told(change, reason):
    """They are left out, so that nothing is closed by accident."""
    found = read(OPENVEX | {"statements": [OPENVEX["statements"][0] | change, 5]})
    assert () == found.statements
    assert reason in found.problems[0]
    assert "statement 1 is no object" == found.problems[1]


def test_csaf():
    """Components of other products become their parts; flags and threats give the reasons; nameless products are told."""
    found = read(CSAF)
    by_status = {one.status: one for one in found.statements}
    no = by_status["not_affected"]
    assert (Product(names=("pkg:oci/web@sha256%3Aaa",), parts=("pkg:npm/a@1",)),) == no.products
    assert (("CVE-1", "SHOP-1"), "vulnerable_code_not_present", "not reachable") == (
        no.ids,
        no.justification,
        no.reason,
    )
    assert (Product(names=("pkg:npm/a@1",)),) == by_status["fixed"].products
    assert {"not_affected", "fixed", "under_investigation"} == set(by_status)
    assert 2 == len(found.problems)


def test_cyclonedx():
    """An analysis speaks about a component in the document's subject; without an analysis nothing is said."""
    found = read(CYCLONEDX)
    first, second = found.statements
    assert (("CVE-1", "GHSA-1"), "not_affected", "code_not_reachable", "why") == (
        first.ids,
        first.status,
        first.justification,
        first.reason,
    )
    assert (Product(names=("shop/web", "sha256:aa"), parts=("pkg:npm/lodash@4",)),) == first.products
    assert "affected" == second.status
    assert 1 == len(found.problems)


def test_trivyignore():
    """Ids with reasons from comments and dates; what is no id is told."""
    found = read(TRIVY, ".trivyignore")
    assert [("CVE-1", "not in the execution path", ""), ("CVE-2", "waiting for a fix", "2026-12-31"), ("AVD-DS-0002", "ignored", "")] == [
        (one.ids[0], one.reason, one.expires) for one in found.statements
    ]  # fmt: skip
    assert 2 == len(found.problems)
    found = read(TRIVY_YAML, "a/.trivyignore.yaml")
    first, second = found.statements
    assert (("app/**",), "not used", "2026-12-31", None) == (first.paths, first.reason, first.expires, first.products)
    assert (Product(names=("pkg:npm/a@1",)),) == second.products
    assert 1 == len(found.problems)


def test_grype():
    """Rules about one vulnerability are taken; rules that ask for what we have no word for are told."""
    found = read(GRYPE, ".grype.yaml")
    (one,) = found.statements
    assert (("lodash@4.17.20",), ("/app/**",), "not used") == (one.packages, one.paths, one.reason)
    assert 2 == len(found.problems)


def test_what_is_no_statement_gives_nothing():
    """Other JSON, other YAML, an SBOM without vulnerabilities."""
    for data, name in (
        (b"{}", "a"),
        (b"a: b", "a.yaml"),
        (b'{"bomFormat": "CycloneDX"}', "b"),
        (b"", "c"),
        (b"\xff", "d"),
    ):
        assert read_vex(data, name=name) is None


def test_lines_of_documents_are_read_one_by_one():
    """A damaged line costs no other; the source names the line."""
    data = json.dumps(OPENVEX).encode() + b"\n{broken}\n" + json.dumps(CSAF).encode() + b"\n"
    first, second, third = read_vex_lines(data, name="all.jsonl")
    assert isinstance(second, VexError)
    assert ("all.jsonl line 1", "all.jsonl line 3") == (first.statements[0].source, third.statements[0].source)
    with pytest.raises(VexError):
        read_vex(b'{"document": {"csaf', name="x")


@given(st.sampled_from([OPENVEX, CSAF, CYCLONEDX]), st.data())
def test_other_shapes_raise_nothing(document, data):
    """Any value may be replaced by any other."""
    copy = json.loads(json.dumps(document))
    node, path = copy, []
    while isinstance(node, dict | list) and node and data.draw(st.booleans() if path else st.just(True)):
        path.append((node, data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))))
        node = path[-1][0][path[-1][1]]
    parent, key = path[-1]
    parent[key] = data.draw(st.sampled_from([None, 1, "x", [], {}, [1], {"a": 1}, True, "pkg:", ["pkg:npm/"]]))
    list(read_vex_lines(json.dumps(copy).encode(), name="x"))


@pytest.mark.corpus
def test_published_documents_are_read():
    """Aqua's hub and the CSAF test files: every document is read or refused in words, statements come out."""
    from tidewaiter.wiring.vex import load_statements  # noqa: PLC0415 - only this test composes

    hub = load_statements([str(shared("advisories/vex-openvex-aqua.jsonl.gz"))], progress=lambda _: None)
    assert 100 < hub.index.count
    csaf = load_statements([str(shared("advisories/csaf-examples.jsonl.gz"))], progress=lambda _: None)
    assert csaf is not None
    ubuntu = load_statements([str(shared("feeds/ubuntu/vex"))], progress=lambda _: None)
    assert 5 == ubuntu.index.count


def test_a_bom_link_into_another_document_names_none_of_this_one():
    """The same bom-ref in two documents means two components."""
    document = {
        "bomFormat": "CycloneDX",
        "serialNumber": "urn:uuid:1",
        "components": [{"bom-ref": "c1", "purl": "pkg:npm/a@1"}],
        "vulnerabilities": [
            {"id": "CVE-1", "analysis": {"state": "not_affected"}, "affects": [{"ref": "urn:cdx:2/1#c1"}]},
            {"id": "CVE-2", "analysis": {"state": "not_affected"}, "affects": [{"ref": "urn:cdx:1/1#c1"}]},
        ],
    }
    found = read(document)
    assert [("CVE-2",)] == [one.ids for one in found.statements]
    assert 1 == len(found.problems)


def test_a_part_in_an_unnamed_product_says_nothing_about_the_part_elsewhere():
    """CSAF: a component of a product that nothing identifies is told as nameless."""
    document = {
        "document": {"csaf_version": "2.0"},
        "product_tree": {
            "full_product_names": [
                {"product_id": "part", "product_identification_helper": {"purl": "pkg:npm/a@1"}},
                {"product_id": "whole"},
            ],
            "relationships": [
                {
                    "category": "default_component_of",
                    "product_reference": "part",
                    "relates_to_product_reference": "whole",
                    "full_product_name": {"product_id": "both"},
                }
            ],
        },
        "vulnerabilities": [{"cve": "CVE-1", "product_status": {"known_not_affected": ["both"]}}],
    }
    found = read(document)
    assert () == found.statements
    assert 1 == len(found.problems)


def test_a_package_below_a_version_range_is_not_every_version_of_it():
    """CSAF: the branch limits what its package URL leaves open."""
    document = {
        "document": {"csaf_version": "2.0"},
        "product_tree": {
            "branches": [
                {
                    "category": "product_version_range",
                    "name": "<2",
                    "product": {"product_id": "p", "product_identification_helper": {"purl": "pkg:npm/%40a/b"}},
                }
            ]
        },
        "vulnerabilities": [{"cve": "CVE-1", "product_status": {"known_not_affected": ["p"]}}],
    }
    assert () == read(document).statements


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"CVE-2021-1 exp: 2020-13-x\n", ".trivyignore"),
        (b"CVE-2021-1 exp:\n", ".trivyignore"),
        (b"vulnerabilities:\n- id: CVE-2021-1\n  purls: pkg:npm/a@1\n", ".trivyignore.yaml"),
        (b"vulnerabilities:\n- id: CVE-2021-1\n  paths: usr/lib/a\n", ".trivyignore.yaml"),
        (b"vulnerabilities:\n- id: CVE-2021-1\n  paths: [1]\n", ".trivyignore.yaml"),
        (b"ignore:\n- vulnerability: CVE-2021-1\n  package: {version: '1'}\n", ".grype.yaml"),
        (b"ignore:\n- vulnerability: CVE-2021-1\n  package: {name: 1}\n", ".grype.yaml"),
        (b"ignore:\n- vulnerability: CVE-2021-1\n  package: a\n", ".grype.yaml"),
    ],
)
def test_a_limit_that_cannot_be_read_does_not_widen_the_rule(data, name):
    """An entry whose limits are written in another shape is told and not taken."""
    found = read_vex(data, name=name)
    assert ((), 1) == (found.statements, len(found.problems))


def test_an_end_behind_a_blank_counts():
    """`exp: 2026-01-31` ends as `exp:2026-01-31` does."""
    (one,) = read_vex(b"CVE-2021-1 exp: 2026-01-31\n", name=".trivyignore").statements
    assert "2026-01-31" == one.expires


def test_groups_of_a_csaf_document_are_unfolded_so_far(monkeypatch):
    """Flags that name large groups over and over cost no more than the bound."""
    monkeypatch.setattr("tidewaiter.scan.vex.csaf._MOST_UNFOLDED", 3)
    purls = [{"product_id": one, "product_identification_helper": {"purl": f"pkg:npm/{one}"}} for one in "ab"]
    flags = [{"label": "first", "group_ids": ["g", "g"]}, {"label": "second", "group_ids": ["g"]}]
    document = {
        "document": {"csaf_version": "2.0"},
        "product_tree": {
            "full_product_names": purls,
            "product_groups": [{"group_id": "g", "product_ids": ["a", "b"]}],
        },
        "vulnerabilities": [{"cve": "CVE-1", "flags": flags, "product_status": {"known_not_affected": ["a"]}}],
    }
    (one,) = read(document).statements
    assert "first" == one.justification
