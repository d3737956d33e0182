"""The page of `tidewaiter image show`: layers, what each brought, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from tidewaiter.core.report import Report
from tidewaiter.core.report.facts import CredentialFacts, Facts, LayerFacts, PackageFacts, VulnerabilityFacts
from tidewaiter.core.report.upgrades import SEVERITIES
from tidewaiter.render.table.closing import write_closing, write_head
from tidewaiter.render.table.text import Page, counted

_MEGABYTE: Final = 1_000_000
_IDS: Final = 6


def render_layers(report: Report, *, every: bool, colour: bool = False, width: int = 100) -> str:
    """Return the tree; packages without a vulnerability are only counted unless `every` asks for them."""
    page = Page(colour=colour, width=width)
    write_head(page, report)
    if report.facts is not None:
        _write(page, report.facts, every=every)
    write_closing(page, report)
    return page.text()


def _write(page: Page, facts: Facts, *, every: bool) -> None:
    by_package: dict[tuple[str, str, str], list[VulnerabilityFacts]] = defaultdict(list)
    for one in facts.vulnerabilities:
        if not one.suppressed:
            by_package[one.purl, one.path, one.inside].append(one)
    packages: dict[int | None, list[PackageFacts]] = defaultdict(list)
    for package in facts.packages:
        packages[package.layer].append(package)
    credentials: dict[int | None, list[CredentialFacts]] = defaultdict(list)
    for credential in facts.credentials:
        credentials[credential.layer].append(credential)
    layers = {layer.index: layer for layer in facts.layers}
    places = sorted({*layers, *packages, *credentials}, key=lambda one: -1 if one is None else one)
    for place in places:
        _write_head(page, place, layers.get(place) if place is not None else None)
        _write_packages(page, packages.get(place, ()), by_package, every=every)
        for credential in credentials.get(place, ()):
            gone = ", deleted later but still in every pull" if credential.deleted_later else ""
            page.line(
                f"{credential.title}: {credential.path or credential.source}{gone}",
                first="  ! ",
                indent=6,
                first_style="high",
            )
    page.line()


def _write_head(page: Page, place: int | None, layer: LayerFacts | None) -> None:
    page.line()
    if place is None:
        page.line("files", style="bold")
        return
    if layer is None:
        page.line(f"layer {place}", style="bold")
        return
    origin = f", {layer.origin}" if layer.origin != "unknown" else ""
    size = f"{layer.size / _MEGABYTE:,.1f} MB{origin}"
    page.line(f"({size}) {layer.created_by}", first=f"layer {place} ", indent=9, first_style="bold")


def _write_packages(
    page: Page,
    packages: Sequence[PackageFacts],
    found: dict[tuple[str, str, str], list[VulnerabilityFacts]],
    *,
    every: bool,
) -> None:
    rows = [(package, found.get((package.purl, package.path, package.inside), [])) for package in packages]
    bad = [row for row in rows if row[1]]
    bad.sort(key=lambda row: (min(SEVERITIES.index(one.severity) for one in row[1]), row[0].name, row[0].version))
    for package, ones in bad:
        worst = min(ones, key=lambda one: SEVERITIES.index(one.severity)).severity
        page.line(f"{_named(package)}: {_ids(ones)}", first=f"  {worst:<9}", indent=11, first_style=worst)
    clean = [package for package, ones in rows if not ones]
    if every:
        for package in sorted(clean, key=lambda one: (one.type, one.name, one.version)):
            page.line(_named(package), first="  -", indent=11, style="dim")
    elif clean:
        what = "more package" if bad else "package"
        page.line(f"{counted(len(clean), what)} without a known vulnerability", indent=11, style="dim")


def _named(package: PackageFacts) -> str:
    place = "!/".join(part for part in (package.path, package.inside) if part)
    return f"{package.name} {package.version} ({package.type}, {place})"


def _ids(found: Sequence[VulnerabilityFacts]) -> str:
    ordered = sorted(found, key=lambda one: (not one.kev, SEVERITIES.index(one.severity), one.id))
    told = [
        one.id + (" (exploited)" if one.kev else "") + (f" → {one.fixed}" if one.fixed else "")
        for one in ordered[:_IDS]
    ]
    rest = len(ordered) - _IDS
    return ", ".join(told) + (f" and {rest} more" if rest > 0 else "")
