"""A report as comma-separated values (RFC 4180), for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from tidewaiter.core.report import Report, ReportFinding
from tidewaiter.core.report.facts import VulnerabilityFacts

_FINDINGS: Final = (
    "severity", "verdict", "policy", "rule", "subject", "message", "file", "line", "image", "layer", "owner", "fix",
    "exception", "id",
)  # fmt: skip
_VULNERABILITIES: Final = (
    "severity", "id", "package", "installed", "fixed", "status", "suppressed", "cvss", "epss", "exploited", "origin",
    "layer", "path", "purl", "aliases", "title",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which spreadsheets take a cell for a formula."""


class _Csv(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "csv"
    tags: frozenset[str] = frozenset({"machines", "check", "scan"})
    media_type: str = "text/csv"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the rows."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return a head line and one row per vulnerability of a scan, or per finding of a check.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP: CSV injection).
    """
    facts = report.facts
    if facts is not None:
        return _written(_VULNERABILITIES, map(_vulnerability, facts.vulnerabilities))
    return _written(_FINDINGS, map(_finding, report.findings))


def _written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    text = "".join(character if character.isprintable() else " " for character in text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _finding(one: ReportFinding) -> tuple[object, ...]:
    place = one.location
    fix = one.fix.title if one.fix is not None else ""
    return (
        one.severity, one.verdict, one.policy, one.rule, str(one.subject), one.message, place.file, place.line,
        place.image, place.layer, one.owner.value, fix, one.exception, one.id,
    )  # fmt: skip


def _vulnerability(one: VulnerabilityFacts) -> tuple[object, ...]:
    exploited = "yes" if one.kev else ""
    return (
        one.severity, one.id, one.package, one.installed, one.fixed, one.status, one.suppressed, one.cvss, one.epss,
        exploited, one.origin, one.layer, one.path, one.purl, " ".join(one.aliases), one.title,
    )  # fmt: skip


RENDERER: Final = _Csv()
