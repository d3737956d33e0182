"""The vulnerabilities of a scan as a CycloneDX 1.6 VEX document (ECMA-424: vulnerabilities)."""

import json
import uuid
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tidewaiter.core.report import Report, as_unicode
from tidewaiter.core.report.facts import Facts
from tidewaiter.core.report.image_name import image_purl
from tidewaiter.core.report.standing import Standing, standings

_SCHEMA: Final = "http://cyclonedx.org/schema/bom-1.6.schema.json"
_NAMESPACE: Final = uuid.UUID("6f0e5a52-5d0c-5c2e-9d0b-7469646577ff")
_STATES: Final = {
    "not_affected": "not_affected",
    "affected": "exploitable",
    "fixed": "resolved",
    "under_investigation": "in_triage",
}
_JUSTIFICATIONS: Final = {
    "component_not_present": "code_not_present",
    "vulnerable_code_not_present": "code_not_present",
    "vulnerable_code_not_in_execute_path": "code_not_reachable",
    "vulnerable_code_cannot_be_controlled_by_adversary": "protected_by_mitigating_control",
    "inline_mitigations_already_exist": "protected_by_mitigating_control",
}
_SEVERITIES: Final = frozenset({"critical", "high", "medium", "low", "info"})
_METHODS: Final = {"CVSS:3.1": "CVSSv31", "CVSS:3.0": "CVSSv3", "CVSS:4.0": "CVSSv4"}


class _CycloneDxVex(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "cyclonedx-vex"
    tags: frozenset[str] = frozenset({"machines", "scan", "vex"})
    media_type: str = "application/vnd.cyclonedx+json"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the document."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return the document, ending in a newline: the packages that have vulnerabilities, and how each stands."""
    facts = report.facts
    found = standings(facts.vulnerabilities) if facts is not None else ()
    names = {one.purl: (one.package, one.installed) for one in facts.vulnerabilities} if facts is not None else {}
    tool = {"type": "application", "name": report.tool.name, "version": report.tool.version}
    metadata: dict[str, Any] = {"timestamp": report.created} if report.created else {}
    metadata["tools"] = {"components": [tool]}
    if facts is not None:
        metadata["component"] = _subject(facts)
    bom = as_unicode(
        {
            "version": 1,
            "metadata": metadata,
            "components": [
                {"bom-ref": purl, "type": "library", "name": name, "version": version, "purl": purl}
                for purl, (name, version) in sorted(names.items())
            ],
            "vulnerabilities": [_vulnerability(one, names) for one in found],
        }
    )
    serial = uuid.uuid5(_NAMESPACE, json.dumps(bom, sort_keys=True))
    head = {"$schema": _SCHEMA, "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}"}
    return json.dumps(head | bom, indent=2, ensure_ascii=False) + "\n"


def _subject(facts: Facts) -> dict[str, Any]:
    image = facts.image
    purl = image_purl(image)
    kind = "container" if image.kind == "image" else "application"
    subject = {"bom-ref": "subject", "type": kind, "name": image.ref or image.source or "unnamed"}
    if image.digest:
        subject["version"] = image.digest
    return subject | ({"purl": purl} if purl else {})


def _vulnerability(one: Standing, names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    worst = one.worst
    rating: dict[str, Any] = {"severity": worst.severity if worst.severity in _SEVERITIES else "unknown"}
    method = _METHODS.get(worst.cvss_vector[:8])
    if worst.cvss is not None and method:
        rating |= {"score": worst.cvss, "method": method, "vector": worst.cvss_vector}
    analysis: dict[str, Any] = {"state": _STATES[one.status]}
    if one.justification:
        analysis["justification"] = _JUSTIFICATIONS[one.justification]
    detail = one.reason or one.action
    if detail:
        analysis["detail"] = detail
    found: dict[str, Any] = {"id": one.id}
    if one.aliases:
        found["references"] = [
            {"id": alias, "source": {"name": alias.partition("-")[0] or "other"}} for alias in one.aliases
        ]
    found["ratings"] = [rating]
    cwes = sorted({int(name[4:]) for member in one.members for name in member.cwes if _is_cwe(name)})
    if cwes:
        found["cwes"] = cwes
    if worst.title:
        found["description"] = worst.title
    if one.action and worst.fixed:
        found["recommendation"] = one.action
    affects = [{"ref": purl, "versions": [{"version": names[purl][1], "status": _affected(one)}]} for purl in one.purls]
    return found | {"analysis": analysis, "affects": affects}


def _is_cwe(name: str) -> bool:
    return name.startswith("CWE-") and name[4:].isascii() and name[4:].isdigit() and len(name) < 12


def _affected(one: Standing) -> str:
    return {"affected": "affected", "under_investigation": "unknown"}.get(one.status, "unaffected")


RENDERER: Final = _CycloneDxVex()
