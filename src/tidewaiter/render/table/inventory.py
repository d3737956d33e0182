"""The page of `tidewaiter scan`: what is inside, and what is known about it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from tidewaiter.core.report import Report
from tidewaiter.core.report.facts import CredentialFacts, Facts, ToolFact, VulnerabilityFacts
from tidewaiter.core.report.upgrades import SEVERITIES, Upgrade, split_counts, upgrades
from tidewaiter.render.table.closing import write_closing, write_head
from tidewaiter.render.table.text import Page, counted

_ROWS: Final = 25
_IDS: Final = 3
_NAMES: Final = 12
_LABEL: Final = 11
_INDENT: Final = 11
_MEGABYTE: Final = 1_000_000


def write(page: Page, report: Report, facts: Facts) -> None:
    """Write the whole page."""
    write_head(page, report)
    _write_summary(page, facts, report.created[:10])
    _write_vulnerabilities(page, facts.vulnerabilities, layered=facts.image.kind == "image")
    _write_credentials(page, facts.credentials)
    _write_tools(page, facts.tools)
    write_closing(page, report)


def _write_summary(page: Page, facts: Facts, today: str) -> None:
    image = facts.image
    about = [image.os or "no os-release found"]
    if image.kind == "image" and (facts.layers or image.created or image.user):  # an SBOM of others tells none of it
        about += [f"user {image.user or 'root'}", f"created {image.created or 'unknown'}"]
        size = sum(layer.size for layer in facts.layers) / _MEGABYTE
        page.line(", ".join(about), first="system ", indent=_LABEL, first_style="bold")
        page.line(f"{len(facts.layers)} ({size:,.1f} MB as stored)", first="layers ", indent=_LABEL, first_style="bold")
    else:
        page.line(", ".join(about), first="system ", indent=_LABEL, first_style="bold")
    _write_support(page, facts, today)
    _write_base(page, facts)
    types = Counter(package.type for package in facts.packages)
    told = ", ".join(f"{number:,} {kind}" for kind, number in sorted(types.items(), key=lambda one: (-one[1], one[0])))
    page.line(told or "none found", first="packages ", indent=_LABEL, first_style="bold")


def _write_support(page: Page, facts: Facts, today: str) -> None:
    """Say until when the system is mended; the days are RFC 3339 dates, which compare as texts."""
    ends, extended = facts.image.end_of_life, facts.image.extended_support
    if not ends and not extended:
        return
    told = [
        f"{'ended' if today > day else 'until'} {day}{name}"
        for day, name in ((ends, ""), (extended, " (by subscription)"))
        if day
    ]
    over = bool(today) and all(today > day for day in (ends, extended) if day)
    style = "high" if over else "medium" if ends and today > ends else "bold"
    page.line(", ".join(told), first="support ", indent=_LABEL, first_style=style)


_KNOWN_BY: Final = {
    "layers": "proved by its layers",
    "annotation": "as the manifest states",
    "dockerfile": "as the Dockerfile states",
    "history": "guessed from the history",
}


def _write_base(page: Page, facts: Facts) -> None:
    base = facts.image.base
    if base is None:
        return
    name = ", ".join(base.names[:_IDS]) or "name unknown"
    rest = len(base.names) - _IDS
    more = f" and {rest} more names" if rest > 0 else ""
    lowest = f", the lowest {base.layers} of {len(facts.layers)} layers" if base.layers is not None else ""
    page.line(f"{name}{more}{lowest} ({_KNOWN_BY[base.source]})", first="base ", indent=_LABEL, first_style="bold")


def _write_vulnerabilities(page: Page, found: Sequence[VulnerabilityFacts], *, layered: bool) -> None:
    if not found:
        return
    counted_ones = [one for one in found if not one.suppressed]
    suppressed = len(found) - len(counted_ones)
    counts = Counter(one.severity for one in counted_ones)
    told = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity]) or "none"
    page.line()
    page.line(
        told + (f" ({suppressed} suppressed)" if suppressed else ""),
        first="vulnerabilities ",
        indent=16,
        first_style="bold",
    )
    _write_split(page, counted_ones)
    rows = upgrades(counted_ones)
    for upgrade in rows[:_ROWS]:
        places = _places(upgrade) if layered else ""
        text = f"{upgrade.name} {upgrade.installed} {_fix(upgrade)}: {_ids(upgrade)}{places}"
        page.line(text, first=f"  {upgrade.severity:<9}", indent=_INDENT, first_style=upgrade.severity)
    if len(rows) > _ROWS:
        page.line(f"and {counted(len(rows) - _ROWS, 'more row')}; `--format json` lists all", indent=_INDENT)


def _write_split(page: Page, found: Sequence[VulnerabilityFacts]) -> None:
    """Say how many come with the base, when that is known for any."""
    parts = split_counts(found)
    if not {origin for origin, _ in parts} & {"base", "own"}:
        return
    for origin, row in parts:
        told = ", ".join(f"{number} {severity}" for severity, number in row)
        page.line(told, first=f"  {_PARTS[origin]}: ", indent=16)


_PARTS: Final = {"base": "in the base", "own": "its own", "unknown": "of unknown origin"}


def _fix(upgrade: Upgrade) -> str:
    if upgrade.fixed:
        needs = next((one.fix_needs for one in upgrade.members if one.fix_needs), "")
        return f"→ {upgrade.fixed}" + (f" (needs {needs})" if needs else "")
    statuses = {one.status.replace("_", " ") for one in upgrade.members} - {"affected"}
    return f"no fix ({', '.join(sorted(statuses))})" if statuses else "no fix"


def _ids(upgrade: Upgrade) -> str:
    exploited = {one.id for one in upgrade.members if one.kev}
    ids = [one + (" (exploited)" if one in exploited else "") for one in upgrade.ids]
    rest = len(ids) - _IDS
    return ", ".join(ids[:_IDS]) + (f" and {rest} more" if rest > 0 else "")


def _places(upgrade: Upgrade) -> str:
    return f" (layer {', '.join(map(str, upgrade.layers))})" if upgrade.layers else ""


def _write_credentials(page: Page, credentials: Sequence[CredentialFacts]) -> None:
    if not credentials:
        return
    page.line()
    page.line(f"{len(credentials)} leaked", first="credentials ", indent=12, first_style="bold")
    for one in credentials[:_ROWS]:
        place = f"{one.path}:{one.line}" if one.line else one.path
        layer = f", layer {one.layer}" if one.layer is not None else ""
        gone = ", deleted later but still in every pull" if one.deleted_later else ""
        page.line(
            f"{one.title}: {place or one.source}{layer}{gone} ({one.redacted})",
            first="  !",
            indent=5,
            first_style="high",
        )
    if len(credentials) > _ROWS:
        page.line(f"and {len(credentials) - _ROWS} more", indent=5)


def _write_tools(page: Page, tools: Sequence[ToolFact]) -> None:
    if not tools:
        return
    page.line()
    kinds: dict[str, set[str]] = defaultdict(set)
    for tool in tools:
        kinds[tool.kind].add(tool.name)
    page.line("executables that help an attacker", first="tools ", indent=6, first_style="bold")
    for kind, names in sorted(kinds.items()):
        shown = sorted(names)[:_NAMES]
        rest = len(names) - len(shown)
        page.line(", ".join(shown) + (f" and {rest} more" if rest else ""), first=f"  {kind}: ", indent=20)
