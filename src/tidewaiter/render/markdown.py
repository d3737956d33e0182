"""A report as Markdown (CommonMark with GitHub's tables), for comments on merge requests and job summaries."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from tidewaiter.core.report import Report, ReportFinding, ReportGroup
from tidewaiter.core.report.facts import Facts
from tidewaiter.core.report.upgrades import split_counts, upgrades

_GROUPS: Final = 25
_ROWS: Final = 50
_IDS: Final = 4
_UNKNOWNS: Final = 10
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+!|<>~&@])")
_PARTS: Final = {"base": "In the base image", "own": "Its own", "unknown": "Origin unknown"}


class _Markdown(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "markdown"
    tags: frozenset[str] = frozenset({"people", "check", "scan"})
    media_type: str = "text/markdown"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the page."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return verdict, what to do first, and what could not be read, ending in a newline; texts are escaped."""
    names = ", ".join(_code(one.name or one.source) for one in report.inputs)
    verdict = (
        report.verdict if report.facts is None else "inventory" if report.verdict == "Pass" else "incomplete inventory"
    )
    blocks = [f"## Tidewaiter: {verdict} — {names}", "\n".join(_plain(one) for one in report.reasons)]
    blocks += list(_inventory(report.facts)) if report.facts is not None else list(_findings(report))
    incomplete = [one for one in report.unknowns if one.incomplete]
    if incomplete:
        told = [f"- {_plain(one.subject)}: {_plain(one.reason)}" for one in incomplete[:_UNKNOWNS]]
        if len(incomplete) > _UNKNOWNS:
            told.append(f"- and {len(incomplete) - _UNKNOWNS} more")
        blocks += ["### Not looked at", "\n".join(told)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _findings(report: Report) -> Iterable[str]:
    findings = {finding.id: finding for finding in report.findings}
    live = [group for group in report.groups if any(_is_live(findings[one]) for one in group.findings)]
    if not live:
        return
    rows = [_group(group, findings[group.findings[0]]) for group in live[:_GROUPS]]
    yield _table(("", "Severity", "What to fix, and why now", "Where", "Owner", "Fix"), rows)
    if len(live) > _GROUPS:
        yield f"and {len(live) - _GROUPS} more"
    exempted = sum(finding.exception is not None for finding in report.findings)
    if exempted:
        yield f"{exempted} findings are exempted."


def _is_live(finding: ReportFinding) -> bool:
    return finding.verdict == "Fail" and finding.exception is None


def _group(group: ReportGroup, worst: ReportFinding) -> tuple[str, ...]:
    fix = _plain(worst.fix.title) if worst.fix is not None else ""
    mark = "❌" if group.fails else "⚠️"
    return mark, group.severity, _plain(group.sentence), _code(str(group.location)), _plain(group.owner.value), fix


def _inventory(facts: Facts) -> Iterable[str]:
    image = facts.image
    base = f", on {', '.join(_code(name) for name in image.base.names[:3])}" if image.base and image.base.names else ""
    told = (
        f"{_plain(image.os) or 'no os-release found'}, {len(facts.packages)} packages, {len(facts.layers)} layers{base}"
    )
    yield told
    counts = split_counts(facts.vulnerabilities)
    if counts:
        rows = [(_PARTS[part], ", ".join(f"{number} {severity}" for severity, number in row)) for part, row in counts]
        yield _table(("Vulnerabilities", ""), rows)
    found = upgrades(facts.vulnerabilities)
    if found:
        yield _table(
            ("Severity", "Package", "Installed", "Fixed", "Vulnerabilities", "Part"),
            [
                (
                    one.severity + (" 🔥" if one.is_exploited else ""),
                    _code(one.name),
                    _code(one.installed),
                    _code(one.fixed) if one.fixed else "no fix",
                    _ids(one.ids),
                    one.origin,
                )
                for one in found[:_ROWS]
            ],
        )
    if len(found) > _ROWS:
        yield f"and {len(found) - _ROWS} more upgrades"
    if facts.credentials:
        yield "### Credentials"
        yield "\n".join(
            f"- {_plain(one.title)}: {_code(one.path or one.source)}"
            + (", deleted later but still in every pull" if one.deleted_later else "")
            + f" ({_plain(one.redacted)})"
            for one in facts.credentials[:_ROWS]
        )


def _ids(ids: Sequence[str]) -> str:
    rest = len(ids) - _IDS
    return ", ".join(_plain(one) for one in ids[:_IDS]) + (f" and {rest} more" if rest > 0 else "")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text).strip()


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is: no markup, no link, no HTML, no mention."""
    return _SPECIAL.sub(r"\\\1", _one_line(text)).replace("://", ":\\//")


def _code(text: str) -> str:
    """Return text as code; a pipe would end the cell of a table, a backtick the code."""
    clean = _one_line(text).replace("`", "'").replace("|", "\\|")
    return f"`{clean}`" if clean else ""


RENDERER: Final = _Markdown()
