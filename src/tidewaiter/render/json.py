"""The report as JSON, schema `tidewaiter.dev/report/v1`."""

from typing import Final

import msgspec

from tidewaiter.core.report import Report, encode_report


class _Json(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "json"
    tags: frozenset[str] = frozenset({"machines", "check", "scan"})
    media_type: str = "application/json"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return indented JSON; control characters inside texts are escaped by JSON itself."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return the report as indented JSON, ending in a newline."""
    return encode_report(report).decode()


RENDERER: Final = _Json()
