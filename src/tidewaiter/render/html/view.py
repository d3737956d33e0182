"""What the HTML page shows, as plain values: the template only lays them out."""

from collections import Counter, defaultdict
from typing import Any

from tidewaiter.core.report import Report
from tidewaiter.core.report.facts import Facts, PackageFacts, VulnerabilityFacts
from tidewaiter.core.report.upgrades import SEVERITIES, split_counts, upgrades

_PARTS = {"base": "in the base image", "own": "its own", "unknown": "of unknown origin"}


def scan_view(facts: Facts, *, most: int) -> dict[str, Any]:
    """Return the values of an inventory's page: counts, upgrades, the tree of layers, credentials, tools."""
    found = upgrades(facts.vulnerabilities)
    return {
        "image": facts.image,
        "types": sorted(Counter(package.type for package in facts.packages).items(), key=lambda one: (-one[1], one[0])),
        "severities": [
            one for one in SEVERITIES if any(v.severity == one and not v.suppressed for v in facts.vulnerabilities)
        ],
        "split": [(_PARTS[origin], dict(row)) for origin, row in split_counts(facts.vulnerabilities)],
        "upgrades": found[:most],
        "more_upgrades": max(len(found) - most, 0),
        "suppressed": [one for one in facts.vulnerabilities if one.suppressed][:most],
        "layers": _layers(facts, most),
        "credentials": facts.credentials[:most],
        "tools": facts.tools[:most],
    }


def check_view(report: Report, *, most: int) -> dict[str, Any]:
    """Return the values of a check's page: groups with their findings, exemptions, open questions."""
    findings = {finding.id: finding for finding in report.findings}
    groups = [
        (group, [findings[one] for one in group.findings if findings[one].exception is None]) for group in report.groups
    ]
    live = [(group, members) for group, members in groups if any(one.verdict == "Fail" for one in members)]
    return {
        "groups": live[:most],
        "more_groups": max(len(live) - most, 0),
        "questions": [one for one in report.findings if one.verdict == "Unknown" and one.exception is None][:most],
        "exempted": [one for one in report.findings if one.exception is not None][:most],
    }


def _layers(facts: Facts, most: int) -> list[dict[str, Any]]:
    """Return the layers, each with its packages and their vulnerabilities; a folder is one without a number."""
    by_package: dict[tuple[str, str, str], list[VulnerabilityFacts]] = defaultdict(list)
    for one in facts.vulnerabilities:
        if not one.suppressed:
            by_package[one.purl, one.path, one.inside].append(one)
    by_layer: dict[int | None, list[PackageFacts]] = defaultdict(list)
    for package in facts.packages:
        by_layer[package.layer].append(package)
    known = {layer.index: layer for layer in facts.layers}
    shown = []
    for index in sorted({*by_layer, *known}, key=lambda one: -1 if one is None else one):
        packages = by_layer.get(index, [])
        rows = [(package, by_package.get((package.purl, package.path, package.inside), [])) for package in packages]
        rows.sort(key=lambda row: (not row[1], row[0].name, row[0].version))
        shown.append(
            {
                "index": index,
                "layer": known.get(index) if index is not None else None,
                "rows": rows[:most],
                "packages": len(packages),
                "vulnerabilities": sum(len(ones) for _, ones in rows),
            }
        )
    return shown
