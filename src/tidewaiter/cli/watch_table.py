"""What `tidewaiter watch` says to people."""

from collections.abc import Sequence
from typing import Final

from tidewaiter.cli.output import printable
from tidewaiter.core.report import Report
from tidewaiter.operations.watch_registries import TagReport
from tidewaiter.operations.watch_report import SeenIn, WatchNews, WatchReport
from tidewaiter.ports.inventories import KnownImage

_TITLES: Final = {
    "affected": "NEWLY AFFECTED",
    "exploited": "NOW EXPLOITED",
    "fix": "A FIX CAME OUT",
    "severity": "MORE SEVERE",
    "changed": "CHANGED",
    "gone": "NO LONGER",
}
_NAMED: Final = 8
_PER_KIND: Final = 50
_SHORT: Final = 19
"""`sha256:` and twelve digits."""


def news(report: WatchReport) -> str:
    """Return the news by kind, the most urgent first; JSON has all of it."""
    known = f"{report.images} image{'s' if report.images != 1 else ''} known, advisories built {report.advisories}"
    keys = f"{report.changed_keys} changed package{'s' if report.changed_keys != 1 else ''} in advisories"
    lines = [f"{known}: {keys}, {report.matched} installed matched again"]
    for kind, title in _TITLES.items():
        told = [one for one in report.news if one.kind == kind]
        if told:
            lines += ["", f"{title} ({len(told)})"]
            lines += [line for one in told[:_PER_KIND] for line in _one(one)]
            if len(told) > _PER_KIND:
                lines.append(f"  and {len(told) - _PER_KIND} more; `--format json` has all")
    if report.unknowns:
        lines += ["", "WITHOUT ANSWER"]
        for gap in report.unknowns:
            lines.append(f"  {gap.subject}: {gap.reason}" + (f"; {gap.advice}" if gap.advice else ""))
    lines += ["", f"{report.verdict.upper()} (exit {report.exit_code}): {'; '.join(report.reasons)}"]
    return printable("\n".join(lines) + "\n")


def images(known: Sequence[KnownImage]) -> str:
    """Return one line per image."""
    if not known:
        return "no image is known; scans and checks keep what they see, `tidewaiter watch add REFERENCE…` does too\n"
    rows = [("IMAGE", "DIGEST", "OS", "PACKAGES", "FINDINGS", "FIRST SEEN", "LAST SEEN", "ADVISORIES", "USED BY")]
    for one in known:
        name = next(iter((*one.current, *one.names)), "")
        moved = "" if one.current or not one.names else " (moved on)"
        uses = ", ".join(use.workload for use in one.uses[:2]) + (" …" if len(one.uses) > 2 else "")
        figures = (str(one.packages), str(one.findings) if one.matched else "-")
        days = (one.first_seen[:10], one.last_seen[:10], one.matched[:10] or "none")
        rows.append((name + moved, one.digest[:_SHORT], one.os, *figures, *days, uses))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return printable(
        "".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows)
    )


def added(report: Report) -> str:
    """Return one line about an image that was scanned."""
    facts = report.facts
    if facts is None:
        return ""
    counted = sum(not one.suppressed for one in facts.vulnerabilities)
    gaps = [one for one in report.unknowns if one.incomplete]
    words = f"; {len(gaps)} questions without answer" if gaps else ""
    name = f"{facts.image.ref} {facts.image.digest[:_SHORT]}"
    return printable(f"added {name}: {len(facts.packages)} packages, {counted} vulnerabilities{words}\n")


def tags(report: TagReport) -> str:
    """Return one line per tag that is not as it was, and a summary."""
    lines = []
    for one in report.tags:
        line = f"{one.state:6} {one.ref}"
        if one.state == "moved":
            line += f" from {one.before[:_SHORT]} to {one.digest[:_SHORT]}, seen {one.since}"
        elif one.state == "gone":
            line += f", was {one.before[:_SHORT]}"
        elif one.digest:
            line += f" {one.digest[:_SHORT]} since {one.since}"
        line += " (scanned)" if one.scanned else ""
        line += f": {one.problem}" if one.problem else ""
        line += f"; {one.advice}" if one.advice else ""
        lines.append(line)
    return printable("\n".join([*lines, "; ".join(report.reasons)]) + "\n")


def _one(one: WatchNews) -> list[str]:
    names = f"{one.id} (was {one.renamed})" if one.renamed else one.id
    fix = f", fixed in {one.fixed}" if one.fixed else ", no fix yet"
    was = f" (before: {one.before})" if one.before else ""
    exploited = ", exploited" if one.kev else ""
    reason = f": {one.suppressed}" if one.suppressed else ""
    lines = [f"  {one.severity:8} {names} in {one.package} {one.version}{fix}{exploited}{was}{reason}"]
    lines += [f"           {_where(seen)}" for seen in one.images[:_NAMED]]
    if len(one.images) > _NAMED:
        lines.append(f"           and {len(one.images) - _NAMED} more images")
    return lines


def _where(seen: SeenIn) -> str:
    moved = "" if seen.is_current else ", which its names no longer stand for"
    since = f", since {seen.since[:10]}" if seen.since else ""
    uses = [use.workload + (f" ({use.owner})" if use.owner else "") for use in seen.uses[:_NAMED]]
    used = f", run by {', '.join(uses)}" if uses else ""
    return f"{seen.name} {seen.digest[:_SHORT]}{moved}{since}{used}"
