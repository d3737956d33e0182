"""VEX documents that we write: valid, and read back as what they say."""

import gzip
import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from jsonschema import Draft202012Validator

from answers import a_report, an_inventory
from shared import shared
from tidewaiter.core.report.standing import standings
from tidewaiter.render import csaf, cyclonedx_vex, openvex
from tidewaiter.scan.vex import read_vex

FORMS = pytest.mark.parametrize(
    "render", [openvex.render, csaf.render, cyclonedx_vex.render], ids=["openvex", "csaf", "cyclonedx"]
)


@FORMS
def test_what_is_written_can_be_read(render):
    """Every vulnerability with its status, its reason and the image as product comes back."""
    found = read_vex(render(an_inventory()).encode(), name="x.json")
    assert () == found.problems
    said = {(one.ids[0], one.status) for one in found.statements}
    expected = {
        ("CVE-2024-1", "affected"),
        ("CVE-2021-44228", "affected"),
        ("CVE-2024-2", "affected"),
        ("CVE-2024-3", "not_affected"),
    }
    assert expected == said
    (closed,) = (one for one in found.statements if one.status == "not_affected")
    assert closed.justification in {"vulnerable_code_not_present", "code_not_present"}
    assert "headers of a kernel" in closed.reason
    assert any("GHSA-jfh8-c2jp-5v3q" in one.ids for one in found.statements)
    names = {name for one in found.statements for product in one.products for name in product.names}
    assert any(name.startswith("pkg:oci/web@sha256%3A") for name in names)


@FORMS
def test_the_same_scan_gives_the_same_document(render):
    """Identity comes from content; a report without facts gives an empty document."""
    assert render(an_inventory()) == render(an_inventory())
    assert json.loads(render(a_report()))


def test_cyclonedx_is_valid():
    """The official schema takes it in its strict form."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(cyclonedx_vex.render(an_inventory())) is None


@pytest.mark.corpus
def test_csaf_is_valid():
    """The schema of the standard, as the shared examples carry it."""
    with gzip.open(shared("advisories/csaf-examples.jsonl.gz")) as lines:
        schema = next(
            one
            for one in map(json.loads, lines)
            if "csaf_json_schema" in str(one.get("$id")) and "csaf/v2.0" in one["$id"]
        )
    schema.pop("_path", None)
    document = json.loads(csaf.render(an_inventory()))
    assert [] == [error.message for error in Draft202012Validator(schema).iter_errors(document)]


def test_standings_speak_of_every_member_once():
    """One entry per vulnerability, status, reason and action."""
    facts = an_inventory().facts
    assert len(facts.vulnerabilities) == sum(len(one.members) for one in standings(facts.vulnerabilities))
    actions = {one.id: one.action for one in standings(facts.vulnerabilities)}
    assert "upgrade openssl to 3.0.13-1" == actions["CVE-2024-1"]
    assert "no fix: will not fix; replace openssl" == actions["CVE-2024-2"]
