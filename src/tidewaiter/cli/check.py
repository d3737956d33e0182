"""`tidewaiter check`: one repository, its images, one verdict."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.cli.formats import CheckFormat
from tidewaiter.cli.options import Judging, judge
from tidewaiter.cli.output import columns, emit, is_coloured, remark
from tidewaiter.core.exception import ACCEPTED, AcceptedFinding, encode_accepted
from tidewaiter.core.report import Report, exit_code
from tidewaiter.render import renderers
from tidewaiter.wiring import ACCEPTED_FILE


def check(
    path: str = ".",
    /,
    *,
    judging: Judging | None = None,
    format: CheckFormat = "table",  # noqa: A002 - the option's name
    output: Annotated[str, Parameter(name="--output", show_default=False)] = "",
    accept_current: Annotated[bool, Parameter(name="--accept-current", negative="", show_default=False)] = False,
    no_store: Annotated[bool, Parameter(name="--no-store", negative="", show_default=False)] = False,
) -> int:
    """Judge manifests, Dockerfiles, lock files and images together.

    Exit codes: 0 pass, 1 the gate failed, 2 bad usage or nothing to judge, 3 incomplete.

    Parameters
    ----------
    path
        Folder of the repository, or one manifest.
    judging
        How the tree is judged.
    format
        Table for people, JSON or SARIF for machines.
    output
        Write the report to this file.
    accept_current
        Accept today's violations: only new ones fail from now on.
    no_store
        Do not keep the images that were seen for `tidewaiter watch`.

    """
    report = judge(path, judging or Judging(), accept_current=accept_current, store=not no_store)
    if accept_current:
        _write_accepted(path, report)
    renderer = renderers()[format]
    emit(
        renderer.render(report, colour=is_coloured(sys.stdout, output=output), width=columns()),
        output=output,
    )
    if output:
        remark(f"{report.verdict.upper()} (exit {report.exit_code}): {'; '.join(report.reasons)}")
    return exit_code(report)


def _write_accepted(path: str, report: Report) -> None:
    root = Path(path)
    file = (root if root.is_dir() else root.parent) / ACCEPTED_FILE
    lines = [
        AcceptedFinding(id=one.id, policy=one.policy, subject=str(one.subject), key=one.subject.key)
        for one in report.findings
        if one.exception == ACCEPTED
    ]
    DiskWorkspace().write(str(file), encode_accepted(lines))
    remark(f"{len(lines)} findings accepted in {file}")
