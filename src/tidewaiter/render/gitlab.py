"""A report as GitLab's security report, which merge requests show.

Form: gitlab-org/security-products/security-report-schemas 15.0: container-scanning for a scan, SAST for a check.
"""

import json
import uuid
from textwrap import indent
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tidewaiter.core.report import Report, ReportFinding, as_unicode
from tidewaiter.core.report.facts import Facts, VulnerabilityFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION: Final = "15.0.7"
_NAMESPACE: Final = uuid.UUID("6f0e5a52-5d0c-5c2e-9d0b-7469646577fc")
_SEVERITIES: Final = {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low", "info": "Info"}
_NO_TIME: Final = "1970-01-01T00:00:00"
_TIME: Final = 19
"""Characters of `2026-01-01T00:00:00`, the form without a zone that the schema asks for."""
_LONGEST_NAME: Final = 255


class _Gitlab(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "gitlab"
    tags: frozenset[str] = frozenset({"machines", "check", "scan"})
    media_type: str = "application/json"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the report."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return the report, ending in a newline; exempted findings, warnings about warnings and suppressed ones are left out."""
    facts = report.facts
    found: Iterator[dict[str, Any]]
    if facts is not None:
        kind = "container_scanning"
        found = (_vulnerability(one, facts) for one in facts.vulnerabilities if not one.suppressed)
    else:
        kind = "sast"
        found = (_finding(one) for one in report.findings if one.verdict == "Fail" and one.exception is None)
    # Written one by one: a hundred thousand of them as objects need several times the memory of their text.
    unique = {one["id"]: indent(_text(one), "    ") for one in found}
    head = _text({"version": _VERSION, "scan": _scan(report, kind)}).removesuffix("\n}")
    listed = "[\n" + ",\n".join(unique.values()) + "\n  ]" if unique else "[]"
    return f'{head},\n  "vulnerabilities": {listed}\n}}\n'


def _text(value: dict[str, Any]) -> str:
    return json.dumps(as_unicode(value), indent=2, ensure_ascii=False)


def _scan(report: Report, kind: str) -> dict[str, Any]:
    tool = {
        "id": report.tool.name,
        "name": "Tidewaiter",
        "version": report.tool.version,
        "vendor": {"name": "Tidewaiter"},
    }
    time = report.created[:_TIME] if len(report.created) >= _TIME else _NO_TIME
    messages = [
        {"level": "warn" if one.incomplete else "info", "value": f"{one.subject}: {one.reason}"}
        for one in report.unknowns
    ]
    return {
        "analyzer": tool,
        "scanner": tool,
        "type": kind,
        "start_time": time,
        "end_time": time,
        "status": "failure" if report.exit_code == 2 else "success",
        "messages": messages,
    }


def _vulnerability(one: VulnerabilityFacts, facts: Facts) -> dict[str, Any]:
    identity = f"{one.id}\0{one.purl}\0{one.path}\0{one.inside}"
    found: dict[str, Any] = {
        "id": _id(identity),
        "name": f"{one.id} in {one.package}"[:_LONGEST_NAME],
        "description": one.title or f"{one.package} {one.installed} has {one.id}.",
        "severity": _SEVERITIES.get(one.severity, "Unknown"),
        "identifiers": [_identifier(name) for name in (one.id, *one.aliases)],
        "links": [],
        "location": {
            "dependency": {"package": {"name": one.package}, "version": one.installed},
            "operating_system": facts.image.os or "Unknown",
            "image": facts.image.ref or facts.image.source,
        },
    }
    if one.fixed:
        found["solution"] = f"Upgrade {one.source or one.package} to {one.fixed}."
    if one.cvss_vector.startswith("CVSS:3"):
        found["cvss_vectors"] = [{"vendor": one.severity_source or one.feed or "unknown", "vector": one.cvss_vector}]
    return found


def _identifier(name: str) -> dict[str, str]:
    kind = name.partition("-")[0].lower() or "other"
    found = {"type": kind, "name": name, "value": name}
    if kind == "cve":
        found["url"] = f"https://www.cve.org/CVERecord?id={name}"
    elif kind == "ghsa":
        found["url"] = f"https://github.com/advisories/{name}"
    return found


def _finding(one: ReportFinding) -> dict[str, Any]:
    rule = one.policy if one.rule in {"", one.policy} else f"{one.policy}/{one.rule}"
    in_tree = one.location.file if one.location.image is None else None
    location: dict[str, Any] = {"file": in_tree or one.location.image or one.subject.ref}
    if in_tree and one.location.line is not None:
        location["start_line"] = one.location.line
    found: dict[str, Any] = {
        "id": _id(one.id),
        "name": (one.title or one.policy)[:_LONGEST_NAME],
        "description": one.message,
        "severity": _SEVERITIES.get(one.severity, "Unknown"),
        "identifiers": [{"type": "tidewaiter_policy", "name": rule, "value": rule}],
        "location": location,
    }
    solution = one.fix.title if one.fix is not None else one.remediation
    if solution:
        found["solution"] = solution
    return found


def _id(identity: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, identity.encode("utf-8", "backslashreplace").decode()))


RENDERER: Final = _Gitlab()
