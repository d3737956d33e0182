"""Reports as text: one member per format, each a pure function from the report to what is written."""

from typing import Final, Protocol

from tidewaiter.core.registry import Registry
from tidewaiter.core.report import Report
from tidewaiter.render import (
    csaf,
    csv,
    cyclonedx,
    cyclonedx_vex,
    gitlab,
    html,
    json,
    junit,
    markdown,
    openvex,
    sarif,
    spdx,
    table,
)


class Renderer(Protocol):
    """A format in which a report is written."""

    @property
    def id(self) -> str:
        """Return the word of `--format`."""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Return `people` or `machines`, and the commands whose reports it can tell: `check`, `scan`."""
        ...

    @property
    def media_type(self) -> str:
        """Return the media type (RFC 6838)."""
        ...

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the text, ending in a newline; `colour` and `width` (columns) matter to people's formats only."""
        ...


BUILTIN: Final[tuple[Renderer, ...]] = (
    table.RENDERER,
    json.RENDERER,
    sarif.RENDERER,
    junit.RENDERER,
    gitlab.RENDERER,
    markdown.RENDERER,
    html.RENDERER,
    csv.RENDERER,
    cyclonedx.RENDERER,
    spdx.RENDERER,
    openvex.RENDERER,
    csaf.RENDERER,
    cyclonedx_vex.RENDERER,
)
"""All formats, in the order in which help texts list them."""


def renderers() -> Registry[Renderer]:
    """Return the family."""
    return Registry("renderer", BUILTIN)
