"""The report for people: worst first, at most ten groups, owners, fixes, and the exit code with its reason."""

from typing import Final

import msgspec

from tidewaiter.core.report import Report
from tidewaiter.render.table import answer, inventory
from tidewaiter.render.table.text import Page


class _Table(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "table"
    tags: frozenset[str] = frozenset({"people", "check", "scan"})
    media_type: str = "text/plain"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the page."""
        return render(report, colour=colour, width=width)


def render(report: Report, *, colour: bool = False, width: int = 100) -> str:
    """Return the page of a check, or of a scan when the report holds facts; colours are ANSI sequences.

    Texts of documents, images and packages are escaped, so that they cannot write control sequences of their own.
    """
    page = Page(colour=colour, width=width)
    if report.facts is not None:
        inventory.write(page, report, report.facts)
    else:
        answer.write(page, report)
    return page.text()


RENDERER: Final = _Table()
