"""The report as SARIF 2.1.0 (OASIS), for code hosts and editors."""

import json
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec

from tidewaiter.core.finding import JsonPatch
from tidewaiter.core.model.location import Location
from tidewaiter.core.report import Report, ReportFinding, ReportUnknown

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "unknown": "warning",
    "low": "note",
    "info": "note",
}
_SCORES: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "unknown": "5.5", "low": "2.0", "info": "0.0"}
"""`security-severity` of a rule: code hosts read it as a CVSS figure (9.0, 7.0, 4.0 are their steps)."""
_MOST_RESULTS: Final = 25_000
"""GitHub refuses a run with more results; findings stand worst first, so the least urgent are left out."""
_FINGERPRINT: Final = "tidewaiterFinding/v1"


class _Sarif(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "sarif"
    tags: frozenset[str] = frozenset({"machines", "check"})
    media_type: str = "application/sarif+json"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the log."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return a SARIF log of one run, ending in a newline; what was not looked at becomes notifications."""
    shown = report.findings[:_MOST_RESULTS]
    rules = _rules(shown)
    indices = {str(rule["id"]): index for index, rule in enumerate(rules)}
    groups = {one: group.sentence for group in report.groups for one in group.findings}
    run: dict[str, Any] = {
        "tool": {"driver": {"name": report.tool.name, "version": report.tool.version, "rules": rules}},
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the checked tree."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, left_out=len(report.findings) - len(shown))],
        "results": [_result(finding, indices, groups.get(finding.id, "")) for finding in shown],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    text = json.dumps(log, indent=2, ensure_ascii=False)
    # A lone surrogate stands for a broken byte of a name; its escape is valid inside a JSON string.
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _rules(findings: Sequence[ReportFinding]) -> list[dict[str, Any]]:
    """Return one rule per policy and rule, with the severity of its worst finding."""
    worst: dict[str, ReportFinding] = {}
    for finding in findings:
        known = worst.get(_rule_id(finding))
        if known is None or float(_SCORES[finding.severity]) > float(_SCORES[known.severity]):
            worst[_rule_id(finding)] = finding
    return [_rule(rule_id, finding) for rule_id, finding in sorted(worst.items())]


def _rule_id(finding: ReportFinding) -> str:
    return finding.policy if finding.rule in {"", finding.policy} else f"{finding.policy}/{finding.rule}"


def _rule(rule_id: str, finding: ReportFinding) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": rule_id,
        "name": "".join(part.capitalize() for part in finding.policy.split("-")),
        "shortDescription": {"text": finding.title or finding.policy},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {"security-severity": _SCORES[finding.severity], "tags": ["security"]},
    }
    if finding.remediation:
        rule["help"] = {"text": finding.remediation}
    return rule


def _result(finding: ReportFinding, indices: dict[str, int], sentence: str) -> dict[str, Any]:
    failed = finding.verdict == "Fail"
    rule_id = _rule_id(finding)
    message = finding.message if failed else f"{finding.message} (could not be looked at: {finding.reason})"
    result: dict[str, Any] = {
        "ruleId": rule_id,
        "ruleIndex": indices[rule_id],
        "kind": "fail" if failed else "open",
        "level": _LEVELS[finding.severity] if failed else "none",
        "message": {"text": message or finding.title or finding.policy},
        "locations": [_location(_best(finding), finding)],
        "partialFingerprints": {_FINGERPRINT: finding.id},
        "properties": {"severity": finding.severity, "owner": finding.owner.value, "sentence": sentence},
    }
    others = [place for place in (finding.location, *finding.related) if place != _best(finding)]
    if others:
        result["relatedLocations"] = [
            {"id": number, **_location(place, finding)} for number, place in enumerate(others, 1)
        ]
    if finding.exception is not None:
        result["suppressions"] = [{"kind": "external", "justification": f"exception {finding.exception}"}]
    fixes = [patch.value for patch in finding.fix.patches if isinstance(patch, JsonPatch)] if finding.fix else []
    if finding.fix is not None and finding.fix.title:
        result["properties"]["fix"] = finding.fix.title + (" (patch ready)" if fixes and finding.fix.safe else "")
    return result


def _best(finding: ReportFinding) -> Location:
    """Return the place to show first: a file of the tree before a path inside an image."""
    places = (finding.location, *finding.related)
    return next((place for place in places if place.file and not place.image), finding.location)


def _location(place: Location, finding: ReportFinding) -> dict[str, Any]:
    """Return a location; what has no file of the tree names its image as the artifact, because readers demand one."""
    logical = {"fullyQualifiedName": str(finding.subject), "kind": "object" if not place.image else "module"}
    if place.image:
        logical["fullyQualifiedName"] = str(place)
    in_tree = bool(place.file) and not place.image
    name = place.file if in_tree else (place.image or finding.subject.image or finding.subject.ref or finding.policy)
    physical: dict[str, Any] = {"artifactLocation": _artifact(str(name), in_tree=in_tree)}
    if place.line is not None and in_tree:
        physical["region"] = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    elif not in_tree:
        physical["region"] = {"startLine": 1}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _artifact(name: str, *, in_tree: bool) -> dict[str, str]:
    uri = quote(name.removeprefix("./").encode("utf-8", "backslashreplace"), safe="/-._~")
    return {"uri": uri, "uriBaseId": "SRCROOT"} if in_tree else {"uri": uri}


def _invocation(report: Report, *, left_out: int) -> dict[str, Any]:
    notifications = [_notification(unknown) for unknown in report.unknowns]
    if left_out > 0:
        text = f"{left_out} less urgent findings were left out: a run holds at most {_MOST_RESULTS}"
        notifications.append({"level": "warning", "message": {"text": text}})
    return {
        "executionSuccessful": report.exit_code in {0, 1},
        "exitCode": report.exit_code,
        "exitCodeDescription": "; ".join(report.reasons),
        "toolExecutionNotifications": notifications,
    }


def _notification(unknown: ReportUnknown) -> dict[str, Any]:
    advice = f"; {unknown.advice}" if unknown.advice else ""
    text = f"{unknown.subject}: {unknown.reason}{advice}"
    return {"level": "error" if unknown.incomplete else "note", "message": {"text": text}}


RENDERER: Final = _Sarif()
