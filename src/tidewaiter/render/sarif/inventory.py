"""The vulnerabilities and credentials of a scan as rules and results of SARIF.

An image has no file that a code host could show, so the image's name stands as the artifact (scanning guide 14).
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from tidewaiter.core.report.facts import CredentialFacts, Facts, VulnerabilityFacts
from tidewaiter.core.report.upgrades import SEVERITIES
from tidewaiter.render.sarif.words import LEVELS, SCORES, artifact

_FINGERPRINT: Final = "tidewaiterFact/v1"


def told(facts: Facts, *, most: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Return the rules, at most `most` results with the most severe first, and how many results were left out."""
    found = sorted(
        facts.vulnerabilities, key=lambda one: (bool(one.suppressed), SEVERITIES.index(one.severity), one.id, one.purl)
    )
    shown = found[: max(most - len(facts.credentials), 0)]
    credentials = facts.credentials[:most]
    rules = _rules(shown, credentials)
    indices = {str(rule["id"]): index for index, rule in enumerate(rules)}
    name = facts.image.ref or facts.image.source or "image"
    results = [_vulnerability(one, indices, name) for one in shown]
    results += [_credential(one, indices, name) for one in credentials]
    return rules, results, len(found) + len(facts.credentials) - len(results)


def _rules(found: Iterable[VulnerabilityFacts], credentials: Sequence[CredentialFacts]) -> list[dict[str, Any]]:
    worst: dict[str, VulnerabilityFacts] = {}
    for one in found:
        known = worst.get(one.id)
        if known is None or SEVERITIES.index(one.severity) < SEVERITIES.index(known.severity):
            worst[one.id] = one
    rules = [
        _rule(one.id, one.title or f"{one.package} has {one.id}", one.severity, one.cvss, ["vulnerability", *one.cwes])
        for one in worst.values()
    ]
    titles = {one.rule: one.title for one in credentials}
    rules += [_rule(f"credential/{rule}", title, "high", None, ["secret"]) for rule, title in titles.items()]
    return sorted(rules, key=lambda rule: str(rule["id"]))


def _rule(name: str, title: str, severity: str, cvss: float | None, tags: list[str]) -> dict[str, Any]:
    score = f"{cvss:.1f}" if cvss is not None else SCORES[severity]
    return {
        "id": name,
        "shortDescription": {"text": title},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"security-severity": score, "tags": ["security", *tags]},
    }


def _vulnerability(one: VulnerabilityFacts, indices: dict[str, int], image: str) -> dict[str, Any]:
    fix = f"upgrade {one.source} to {one.fixed}" if one.fixed else "no fix is known"
    result = _result(
        rule=one.id,
        indices=indices,
        level=LEVELS[one.severity],
        text=f"{one.package} {one.installed} has {one.id} ({one.severity}); {fix}",
        image=image,
        place=_place(one.layer, "!/".join(part for part in (one.path, one.inside) if part)),
        identity=(one.id, one.purl, one.path, one.inside),
    )
    properties = {"purl": one.purl, "severity": one.severity, "status": one.status, "origin": one.origin}
    result["properties"] = properties | ({"fixed": one.fixed} if one.fixed else {})
    if one.suppressed:
        result["suppressions"] = [{"kind": "external", "justification": one.suppressed}]
    return result


def _credential(one: CredentialFacts, indices: dict[str, int], image: str) -> dict[str, Any]:
    gone = ", deleted later but still in every pull" if one.deleted_later else ""
    return _result(
        rule=f"credential/{one.rule}",
        indices=indices,
        level="error",
        text=f"{one.title}{gone} ({one.redacted})",
        image=image,
        place=_place(one.layer, f"{one.path or one.source}:{one.line}" if one.line else one.path or one.source),
        identity=(one.rule, one.path, one.redacted),
    )


def _result(
    *, rule: str, indices: dict[str, int], level: str, text: str, image: str, place: str, identity: tuple[str, ...]
) -> dict[str, Any]:
    whole = "\0".join(identity).encode("utf-8", "surrogateescape")
    return {
        "ruleId": rule,
        "ruleIndex": indices[rule],
        "kind": "fail",
        "level": level,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact(image, in_tree=False),
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": f"{image} {place}".strip(), "kind": "module"}],
            }
        ],
        "partialFingerprints": {_FINGERPRINT: hashlib.sha256(whole).hexdigest()[:32]},
    }


def _place(layer: int | None, path: str) -> str:
    return f"layer {layer}: {path}" if layer is not None else path
