"""SARIF 2.1.0: structure, fingerprints, places."""

import json

import msgspec

from answers import a_finding, a_patch, a_report, a_vulnerability, an_open_question
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.render.sarif import render


def run_of(report):
    """Return the one run of the log."""
    log = json.loads(render(report))
    assert "2.1.0" == log["version"]
    (run,) = log["runs"]
    return run


def test_a_manifest_finding_points_to_its_line():
    """File, line, column and the object's name."""
    (result,) = run_of(a_report([a_finding(fix=a_patch("/a"))]))["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert {"uri": "deploy/web.yaml", "uriBaseId": "SRCROOT"} == physical["artifactLocation"]
    assert {"startLine": 23, "startColumn": 9} == physical["region"]
    assert ("fail", "error") == (result["kind"], result["level"])


def test_an_image_finding_points_to_its_dockerfile_line_when_known():
    """People edit the Dockerfile; the place in the image is related."""
    finding = a_vulnerability("CVE-1", related=(Location(file="web/Dockerfile", line=4),))
    (result,) = run_of(a_report([finding]))["results"]
    assert "web/Dockerfile" == result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    related = result["relatedLocations"][0]
    assert "shop/web:1 layer 2: var/lib/dpkg/status" == related["logicalLocations"][0]["fullyQualifiedName"]


def test_an_image_finding_without_a_file_uses_the_image_name():
    """Readers demand an artifact; the name is a valid relative URI."""
    (result,) = run_of(a_report([a_vulnerability("CVE-1")]))["results"]
    assert {"uri": "shop/web%3A1"} == result["locations"][0]["physicalLocation"]["artifactLocation"]


def test_fingerprints_survive_moved_lines():
    """The finding's id, so that a code host recognises it after an edit."""
    finding = a_finding()
    moved = msgspec.structs.replace(finding, location=Location(file="deploy/web.yaml", line=99))
    fingerprints = [run_of(a_report([one]))["results"][0]["partialFingerprints"] for one in (finding, moved)]
    assert [{"tidewaiterFinding/v1": finding.id}] * 2 == fingerprints


def test_one_rule_per_policy_with_its_worst_severity():
    """`security-severity` is text that reads as a number, as code hosts want it."""
    found = [a_finding(severity="low", key="1"), a_finding(severity="critical", key="2")]
    (rule,) = run_of(a_report(found))["tool"]["driver"]["rules"]
    assert "9.5" == rule["properties"]["security-severity"]


def test_exempted_and_open_findings_are_told_apart():
    """Suppressed is not failed, and a question is no failure."""
    results = run_of(a_report([a_finding(exception="ticket"), an_open_question(key="q")]))["results"]
    suppressed = next(result for result in results if "suppressions" in result)
    assert "external" == suppressed["suppressions"][0]["kind"]
    assert ("open", "none") in {(result["kind"], result["level"]) for result in results}


def test_what_was_not_looked_at_is_a_notification():
    """An incomplete run did not succeed."""
    (invocation,) = run_of(a_report([], [Unknown(subject="layer 3", reason="truncated", advice="rebuild")]))[
        "invocations"
    ]
    assert not invocation["executionSuccessful"]
    assert "layer 3: truncated; rebuild" == invocation["toolExecutionNotifications"][0]["message"]["text"]
