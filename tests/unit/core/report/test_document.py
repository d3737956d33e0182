"""The report as a document."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from answers import a_finding, a_patch, a_report, a_vulnerability, an_open_question
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.report import ReportError, decode_report, encode_report, report_schema

SCHEMA_FILE = Path(__file__).resolve().parents[4] / "docs" / "schema" / "report-v1.json"
REPORT = a_report(
    [a_finding(fix=a_patch("/spec/a", {"b": [1]})), a_vulnerability("CVE-1"), an_open_question(key="q")],
    [Unknown(subject="layer 3", reason="truncated")],
)


def test_the_published_schema_is_current():
    """Run `python tools/docs_report_schema.py` after a change of the report."""
    assert json.loads(json.dumps(report_schema())) == json.loads(SCHEMA_FILE.read_text())


def test_reports_obey_the_schema():
    """What is written is what was published."""
    Draft202012Validator(report_schema()).validate(json.loads(encode_report(REPORT)))


def test_the_names_of_the_contract_are_there():
    """Decision 3b lists them; others build on these words."""
    document = json.loads(encode_report(REPORT))
    assert {"schema", "tool", "inputs", "verdict", "exitCode", "reasons", "groups", "findings", "unknowns"} <= set(
        document
    )
    assert {"version", "advisories"} <= set(document["tool"])
    assert {"built", "age"} <= set(document["tool"]["advisories"])
    assert {"id", "rank", "sentence", "fix", "owner", "findings"} <= set(document["groups"][0])
    finding = document["findings"][0]
    assert {"id", "policy", "rule", "severity", "verdict", "message", "subject", "location", "owner"} <= set(finding)
    assert {"value", "rule"} <= set(finding["owner"])
    assert {"subject", "reason"} <= set(document["unknowns"][0])


def test_a_report_survives_writing_and_reading():
    """`explain --report` and `fix --report` see what check saw."""
    assert REPORT == decode_report(encode_report(REPORT))


def test_names_that_are_no_unicode_can_be_written():
    """A file name of broken bytes must not lose the report."""
    report = a_report([a_finding(message="bad \udcff name")])
    assert b"\\\\udcff" in encode_report(report)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff\xfe", b'{"schema": "tidewaiter.dev/report/v9"}', b"[" * 10_000]
)
def test_anything_else_is_refused_with_advice(data):
    """It says that this is no report, and where reports come from."""
    with pytest.raises(ReportError) as caught:
        decode_report(data)
    assert caught.value.advice
