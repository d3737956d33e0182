"""`tidewaiter convert`: a stored report in another form."""

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from tidewaiter.cli.output import columns, emit, is_coloured
from tidewaiter.cli.stored import read_report
from tidewaiter.core.report import exit_code
from tidewaiter.render import renderers

Format = Literal[
    "table",
    "json",
    "sarif",
    "junit",
    "gitlab",
    "markdown",
    "html",
    "csv",
    "cyclonedx",
    "spdx",
    "openvex",
    "csaf",
    "cyclonedx-vex",
]


def convert(
    report: str,
    /,
    *,
    format: Annotated[Format, Parameter(name="--format")] = "table",  # noqa: A002 - the option's name
    output: Annotated[str, Parameter(name="--output", show_default=False)] = "",
) -> int:
    """Write a report of `check` or `scan` in another form, without reading anything else again.

    The exit code is that of the report.

    Parameters
    ----------
    report
        File that `--format json --output FILE` wrote.
    format
        The other form; SBOMs (cyclonedx, spdx) and VEX (openvex, csaf, cyclonedx-vex) need the report of a scan, junit that of a check.
    output
        Write to this file.

    """
    stored = read_report(report)
    renderer = renderers()[format]
    command = "scan" if stored.facts is not None else "check"
    if command not in renderer.tags:
        raise WrongReportError(format, command)
    emit(renderer.render(stored, colour=is_coloured(sys.stdout, output=output), width=columns()), output=output)
    return exit_code(stored)


class WrongReportError(Exception):
    """A form that cannot tell this kind of report."""

    def __init__(self, format_: str, command: str) -> None:
        """Say which form and which kind, and what to give instead."""
        other = "scan" if command == "check" else "check"
        super().__init__(f"`{format_}` cannot tell the report of a {command}")
        self.advice = f"give the report of `tidewaiter {other}`, or choose another form"
