"""Head and foot that every page has: what was read, what was not, the verdict and its reason."""

from typing import Final

from tidewaiter.core.report import Report
from tidewaiter.render.table.text import Page, counted

_UNKNOWNS: Final = 10
_EXCEPTIONS: Final = 10
_HOURS_PER_DAY: Final = 24


def write_head(page: Page, report: Report) -> None:
    """Write what was read and how old the advisory data is."""
    for one in report.inputs:
        source = f" from {one.source}" if one.source and one.source != one.name else ""
        page.line(f"{one.name}{source}", first=f"{one.kind} ", indent=11, first_style="bold")
    page.line(_advisories(report), first="advisories ", indent=11, first_style="bold")
    page.line()


def _advisories(report: Report) -> str:
    data = report.tool.advisories
    if not data.built:
        return "none; `tidewaiter db update` fetches them, `db import PATH` reads files"
    if data.age is None:
        return f"built {data.built}"
    age = f"{data.age / _HOURS_PER_DAY:.0f} days" if data.age >= 2 * _HOURS_PER_DAY else f"{data.age:.0f} hours"
    missing = f"; nothing covers {', '.join(data.missing)}" if data.missing else ""
    return f"built {data.built}, oldest feed {age} old{missing}"


def write_closing(page: Page, report: Report) -> None:
    """Write exceptions that need a person, notes, what was not looked at, and the verdict."""
    _write_exceptions(page, report)
    for note in report.notes[:_EXCEPTIONS]:
        page.line(f"{note.subject}: {note.text}", first="note ", indent=5, first_style="dim")
    if len(report.notes) > _EXCEPTIONS:
        page.line(f"and {counted(len(report.notes) - _EXCEPTIONS, 'more note')}", indent=5)
    _write_unknowns(page, report)
    page.line()
    style = {"Pass": "pass", "Fail": "fail"}.get(report.verdict, "unknown")
    first, *others = report.reasons or ("",)
    # A scan judges nothing: that it was done is no pass.
    word = "DONE" if report.facts is not None and report.verdict == "Pass" else report.verdict.upper()
    page.line(first, first=f"{word} (exit {report.exit_code}) ", indent=17, first_style=style)
    for reason in others:
        page.line(reason, indent=17)


def _write_exceptions(page: Page, report: Report) -> None:
    told = [one for one in report.exceptions if one.state != "active"]
    for one in told[:_EXCEPTIONS]:
        words = {
            "expired": f"expired on {one.expires}, exempts nothing",
            "expires-soon": f"expires on {one.expires}",
            "unused": "matched nothing",
        }
        page.line(
            f"{one.id}: {words[one.state]}" + (f"; {one.advice}" if one.advice else ""), first="exception ", indent=10
        )


def _write_unknowns(page: Page, report: Report) -> None:
    unknowns = report.unknowns
    if not unknowns:
        return
    page.line()
    page.line(f"{counted(len(unknowns), 'thing')} not looked at:", style="bold")
    for unknown in unknowns[:_UNKNOWNS]:
        place = unknown.location
        at = (
            f" ({place})"
            if place is not None and str(place) and str(place) not in unknown.subject + unknown.reason
            else ""
        )
        named = "" if unknown.reason.startswith(f"{unknown.subject}:") else f"{unknown.subject}: "
        page.line(f"{named}{unknown.reason}{at}", first="  ?", indent=5, first_style="unknown")
        if unknown.advice:
            page.line(unknown.advice, indent=7, style="dim")
    if len(unknowns) > _UNKNOWNS:
        page.line(f"and {len(unknowns) - _UNKNOWNS} more", indent=5)
