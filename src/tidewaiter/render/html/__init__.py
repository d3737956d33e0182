"""A report as one self-contained HTML page: no script, no font, no address but the advisories' own."""

from typing import Any, Final

import msgspec

from tidewaiter.core.report import Report
from tidewaiter.render.html.page import CHECK, LAYOUT, SCAN
from tidewaiter.render.html.view import check_view, scan_view

_MOST: Final = 5_000
"""Rows of one table; a browser should open the page at once, and `--format json` holds everything."""


class _Html(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "html"
    tags: frozenset[str] = frozenset({"people", "check", "scan"})
    media_type: str = "text/html"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the page."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return the page, ending in a newline; every text is escaped, control characters and broken bytes are replaced."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - no other format should wait for it

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["clean"] = _clean
    facts = report.facts
    view: dict[str, Any] = scan_view(facts, most=_MOST) if facts is not None else check_view(report, most=_MOST)
    body = environment.from_string(SCAN if facts is not None else CHECK).render(report=report, **view)
    title = ", ".join(one.name or one.source for one in report.inputs) or "report"
    page = environment.from_string(LAYOUT).render(report=report, title=_clean(title), body=_Safe(body))
    return page.rstrip("\n") + "\n"


class _Safe(str):
    """Markup that was escaped already, as Jinja2 recognises it."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return itself."""
        return str(self)


def _clean(value: object) -> str:
    """Return text without control characters, direction marks and broken bytes."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in str(value))


RENDERER: Final = _Html()
