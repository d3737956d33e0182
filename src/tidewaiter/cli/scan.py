"""`tidewaiter scan`: what is inside an image or a folder."""

import os
import sys
from typing import Annotated

from cyclopts import Parameter

from tidewaiter import wiring
from tidewaiter.cli.formats import ScanFormat
from tidewaiter.cli.output import columns, emit, is_coloured, progress
from tidewaiter.core.report import exit_code
from tidewaiter.render import renderers


def scan(
    image: str,
    /,
    *,
    format: ScanFormat = "table",  # noqa: A002 - the option's name
    output: Annotated[str, Parameter(name="--output", show_default=False)] = "",
    db: Annotated[str, Parameter(name="--db", show_default=False)] = "",
    platform: Annotated[str, Parameter(name="--platform", show_default=False)] = "",
    vex: Annotated[tuple[str, ...], Parameter(name="--vex", negative="", show_default=False)] = (),
    no_cache: Annotated[bool, Parameter(name="--no-cache", negative="", show_default=False)] = False,
    no_store: Annotated[bool, Parameter(name="--no-store", negative="", show_default=False)] = False,
) -> int:
    """List packages, vulnerabilities, credentials and tools of an image or folder.

    Nothing is judged: the exit code is 0, or 3 when something could not be read or matched.

    Parameters
    ----------
    image
        A path, or a name that is looked for in Docker, Podman and its registry; - is standard input; fs:FOLDER.
    format
        Table for people, JSON for machines, an SBOM as CycloneDX 1.6 or SPDX 2.3, the
        vulnerabilities as OpenVEX, CSAF 2.0 or CycloneDX VEX.
    output
        Write the report to this file.
    db
        File with advisory data instead of the default one.
    platform
        Choose os/arch[/variant] where a name means several images; default linux/amd64.
    vex
        VEX document, ignore file of another scanner, or a folder of them; repeatable.
    no_cache
        Read every layer, also those of which the facts are known from an earlier scan.
    no_store
        Do not keep what was seen for `tidewaiter watch`.

    """
    with progress() as shown:
        settings = wiring.read_settings(
            os.environ
            | ({"TIDEWAITER_NO_CACHE": "1"} if no_cache else {})
            | ({"TIDEWAITER_NO_STORE": "1"} if no_store else {})
        )
        report = wiring.run_scan(image, settings=settings, database=db, progress=shown, platform=platform, vex=vex)
    renderer = renderers()[format]
    emit(renderer.render(report, colour=is_coloured(sys.stdout, output=output), width=columns()), output=output)
    return exit_code(report)
