"""`tidewaiter image`: one image by its layers, and what changed between two."""

import json
import os
import sys
from typing import Annotated, Literal

import msgspec
from cyclopts import App, Parameter

from tidewaiter import wiring
from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.cli.output import columns, emit, is_coloured, progress
from tidewaiter.core.report import Report, as_unicode, decode_report, exit_code
from tidewaiter.core.report.difference import difference
from tidewaiter.core.report.facts import Facts
from tidewaiter.render.table.difference import render_difference
from tidewaiter.render.table.layers import render_layers

app = App(name="image", help="Show an image by its layers, and what changed between two images.")

Database = Annotated[str, Parameter(name="--db", show_default=False)]
Platform = Annotated[str, Parameter(name="--platform", show_default=False)]
Output = Annotated[str, Parameter(name="--output", show_default=False)]
_REPORT = b'"schema": "tidewaiter.dev/report/'
_HEAD = 4096


@app.command(name="show")
def image_show(
    image: str,
    /,
    *,
    all: Annotated[bool, Parameter(name="--all", negative="", show_default=False)] = False,  # noqa: A002 - the option
    output: Output = "",
    db: Database = "",
    platform: Platform = "",
) -> int:
    """Show layers, the packages that each brought, and their vulnerabilities.

    The exit code is 0, or 3 when something could not be read or matched.

    Parameters
    ----------
    image
        An image as for `tidewaiter scan`, or the JSON report of a scan.
    all
        List packages without vulnerabilities too.
    output
        Write the page to this file.
    db
        File with advisory data instead of the default one.
    platform
        Choose os/arch[/variant] where a name means several images; default linux/amd64.

    """
    report, _ = _scanned(image, db, platform)
    page = render_layers(report, every=all, colour=is_coloured(sys.stdout, output=output), width=columns())
    emit(page, output=output)
    return exit_code(report)


@app.command(name="diff")
def image_diff(
    before: str,
    after: str,
    /,
    *,
    format: Annotated[Literal["table", "json"], Parameter(name="--format")] = "table",  # noqa: A002 - the option's name
    output: Output = "",
    db: Database = "",
    platform: Platform = "",
) -> int:
    """Tell what changed from one image to another: vulnerabilities, packages, credentials, tools, layers.

    The exit code is 0, or 3 when something of either image could not be read or matched.

    Parameters
    ----------
    before
        An image as for `tidewaiter scan`, or the JSON report of a scan.
    after
        The other image or report.
    format
        Table for people, JSON for machines.
    output
        Write the answer to this file.
    db
        File with advisory data instead of the default one.
    platform
        Choose os/arch[/variant] where a name means several images; default linux/amd64.

    """
    (old, old_facts), (new, new_facts) = _scanned(before, db, platform), _scanned(after, db, platform)
    found = difference(old_facts, new_facts)
    if format == "json":
        text = json.dumps(as_unicode(msgspec.to_builtins(found)), indent=2, ensure_ascii=False) + "\n"
    else:
        text = render_difference(found, colour=is_coloured(sys.stdout, output=output), width=columns())
    emit(text, output=output)
    return max(exit_code(old), exit_code(new))


class NotAScanError(Exception):
    """A report without an inventory."""

    advice = "give the file that `tidewaiter scan IMAGE --format json --output FILE` wrote"


def _scanned(reference: str, database: str, platform: str) -> tuple[Report, Facts]:
    """Return a stored report, or scan the image."""
    report = stored_report(reference)
    if report is None:
        with progress() as shown:
            settings = wiring.read_settings(os.environ)
            report = wiring.run_scan(reference, settings=settings, database=database, progress=shown, platform=platform)
    if report.facts is None:
        raise NotAScanError(f"{reference} is the report of a check, it holds no inventory")
    return report, report.facts


def stored_report(path: str) -> Report | None:
    """Return the report when the path is a file that holds one, None otherwise; raises ReportError for a broken one."""
    if not os.path.isfile(path):  # noqa: PTH113 - a path may hold bytes that pathlib refuses
        return None
    with open(path, "rb") as stream:  # noqa: PTH123
        if _REPORT not in stream.read(_HEAD):
            return None
    return decode_report(DiskWorkspace().read(path) or b"")
