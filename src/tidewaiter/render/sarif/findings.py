"""The findings of a check as rules and results of SARIF."""

from collections.abc import Sequence
from typing import Any, Final

from tidewaiter.core.finding import JsonPatch
from tidewaiter.core.model.location import Location
from tidewaiter.core.report import ReportFinding, ReportGroup
from tidewaiter.render.sarif.words import LEVELS, SCORES, artifact

_FINGERPRINT: Final = "tidewaiterFinding/v1"


def told(
    findings: Sequence[ReportFinding], groups: Sequence[ReportGroup]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rules and the results of findings."""
    rules = _rules(findings)
    indices = {str(rule["id"]): index for index, rule in enumerate(rules)}
    sentences = {one: group.sentence for group in groups for one in group.findings}
    return rules, [_result(finding, indices, sentences.get(finding.id, "")) for finding in findings]


def _rules(findings: Sequence[ReportFinding]) -> list[dict[str, Any]]:
    """Return one rule per policy and rule, with the severity of its worst finding."""
    worst: dict[str, ReportFinding] = {}
    for finding in findings:
        known = worst.get(_rule_id(finding))
        if known is None or float(SCORES[finding.severity]) > float(SCORES[known.severity]):
            worst[_rule_id(finding)] = finding
    return [_rule(rule_id, finding) for rule_id, finding in sorted(worst.items())]


def _rule_id(finding: ReportFinding) -> str:
    return finding.policy if finding.rule in {"", finding.policy} else f"{finding.policy}/{finding.rule}"


def _rule(rule_id: str, finding: ReportFinding) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": rule_id,
        "name": "".join(part.capitalize() for part in finding.policy.split("-")),
        "shortDescription": {"text": finding.title or finding.policy},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {"security-severity": SCORES[finding.severity], "tags": ["security"]},
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
        "level": LEVELS[finding.severity] if failed else "none",
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
    physical: dict[str, Any] = {"artifactLocation": artifact(str(name), in_tree=in_tree)}
    if place.line is not None and in_tree:
        physical["region"] = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    elif not in_tree:
        physical["region"] = {"startLine": 1}
    return {"physicalLocation": physical, "logicalLocations": [logical]}
