"""JUnit, GitLab and CSV say what the report says."""

import csv
import io
import json
import uuid
from xml.etree import ElementTree as ET

import msgspec
import pytest

from answers import a_finding, a_report, a_vulnerability, an_inventory, an_open_question
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.render import csv as csv_format
from tidewaiter.render import gitlab, junit


def check():
    """Return a report with a failing finding, a warning, an exempted one, an open question and an unread layer."""
    return a_report(
        [
            a_finding(message="a <b> & 'c'"),
            a_finding(policy="old-image", severity="low", key="w"),
            a_finding(key="e", exception="ticket-1"),
            an_open_question(key="q"),
            a_vulnerability("CVE-2024-1"),
        ],
        [Unknown(subject="layer 1", reason="cut off", advice="pull it again")],
    )


def test_junit_counts_what_fails():
    """A failure fails the gate, an open question is skipped, the rest passes with its words; unread things are errors."""
    root = ET.fromstring(junit.render(check()))
    assert ("6", "2", "1") == tuple(root.get(key) for key in ("tests", "failures", "errors"))
    failures = {
        case.get("classname"): case.find("failure")
        for case in root.iter("testcase")
        if case.find("failure") is not None
    }
    assert {"privileged-container", "fixable-severe-vulnerability"} == set(failures)
    assert "a <b> & 'c'" == failures["privileged-container"].get("message")
    assert "at deploy/web.yaml:23:9" in failures["privileged-container"].text
    assert 1 == len(list(root.iter("skipped")))
    outputs = [one.text for one in root.iter("system-out")]
    assert 2 == len(outputs)
    assert any("exempted by ticket-1" in one for one in outputs)
    assert ["cut off"] == [one.get("message") for one in root.iter("error")]
    (case,) = (
        one for one in root.iter("testcase") if one.get("file") and one.find("failure") is not None and one.get("line")
    )
    assert ("deploy/web.yaml", "23") == (case.get("file"), case.get("line"))


def test_junit_of_a_clean_run_has_a_passing_test():
    """CI servers take a file without tests for a broken one."""
    root = ET.fromstring(junit.render(a_report()))
    assert ("1", "0", "0") == tuple(root.get(key) for key in ("tests", "failures", "errors"))


def test_gitlab_scan_names_package_and_image():
    """A container scan: every vulnerability that counts, with fix, identifiers and severity words of GitLab."""
    document = json.loads(gitlab.render(an_inventory()))
    assert ("container_scanning", "success", "2026-11-25T07:00:00") == tuple(
        document["scan"][key] for key in ("type", "status", "start_time")
    )
    assert ["CVE-2021-44228", "CVE-2024-1", "CVE-2024-2"] == sorted(
        one["identifiers"][0]["value"] for one in document["vulnerabilities"]
    )
    (one,) = (one for one in document["vulnerabilities"] if one["identifiers"][0]["value"] == "CVE-2021-44228")
    assert ("Critical", "Upgrade org.apache.logging.log4j:log4j-core to 2.15.0.") == (one["severity"], one["solution"])
    assert "registry.example/shop/web:1" == one["location"]["image"]
    assert ["cve", "ghsa"] == [identifier["type"] for identifier in one["identifiers"]]
    assert {"Unknown"} == {
        x["severity"] for x in document["vulnerabilities"] if x["identifiers"][0]["value"] == "CVE-2024-2"
    }


def test_gitlab_check_names_file_and_line():
    """A check: what is violated and not exempted, at its line; ids are stable UUIDs."""
    first, second = (json.loads(gitlab.render(check())) for _ in range(2))
    assert "sast" == first["scan"]["type"]
    assert 3 == len(first["vulnerabilities"])
    places = [one["location"] for one in first["vulnerabilities"]]
    assert {"file": "deploy/web.yaml", "start_line": 23} in places
    assert {"file": "shop/web:1"} in places
    ids = [one["id"] for one in first["vulnerabilities"]]
    assert ids == [one["id"] for one in second["vulnerabilities"]]
    assert ids == [str(uuid.UUID(one)) for one in ids]


def test_csv_has_one_row_per_fact():
    """A scan lists vulnerabilities, suppressed ones too; a check lists findings."""
    rows = list(csv.DictReader(io.StringIO(csv_format.render(an_inventory()))))
    assert 4 == len(rows)
    assert {"kernel-headers"} == {row["suppressed"] for row in rows if row["suppressed"]}
    assert {"base", "own"} == {row["origin"] for row in rows}
    assert 5 == len(list(csv.DictReader(io.StringIO(csv_format.render(check())))))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
def test_csv_runs_no_formula(text):
    """A cell that a spreadsheet would run begins with an apostrophe."""
    report = a_report([a_finding(message=text)])
    (row,) = csv.DictReader(io.StringIO(csv_format.render(report)))
    assert f"'{text}" == row["message"]


def test_a_usage_error_is_a_failed_scan():
    """GitLab shows that nothing was looked at."""
    report = msgspec.structs.replace(an_inventory(), exit_code=2)
    assert "failure" == json.loads(gitlab.render(report))["scan"]["status"]
