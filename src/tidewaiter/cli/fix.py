"""`tidewaiter fix`: the changes that close findings, as a unified diff."""

import sys
from typing import Annotated

from cyclopts import Parameter

from tidewaiter.cli.changes import changes, live_groups
from tidewaiter.cli.options import Judging, judge
from tidewaiter.cli.output import printable, remark, write
from tidewaiter.cli.stored import read_report

_NOTES = 10


def fix(
    path: str = ".",
    /,
    *,
    judging: Judging | None = None,
    diff: Annotated[bool, Parameter(name="--diff", negative="", show_default=False)] = True,
    unsafe: Annotated[bool, Parameter(name="--unsafe", negative="", show_default=False)] = False,
    report: Annotated[str, Parameter(name="--report", show_default=False)] = "",
) -> int:
    """Print the changes that close findings as a unified diff; nothing is written.

    Apply it in the folder that was checked: tidewaiter fix | git apply, or patch -p1.

    Parameters
    ----------
    path
        Folder of the repository, or one manifest.
    judging
        How the tree is judged.
    diff
        Print a diff; there is no other way yet.
    unsafe
        Also include changes that may break the application.
    report
        Take the findings from this report instead of judging again.

    """
    _ = diff
    known = read_report(report) if report else judge(path, judging or Judging())
    made = changes(live_groups(known), path=path, unsafe=unsafe)
    write(sys.stdout, printable(made.diff) if sys.stdout.isatty() else made.diff)
    closed = sum(len(group.findings) for group in made.groups)
    remark(f"{len(made.groups)} changes close {closed} findings; {len(made.left)} groups need a person")
    for left in made.left[:_NOTES]:
        remark(f"  {left.group.rank}. {left.group.sentence} [{left.reason}]")
    if len(made.left) > _NOTES:
        remark(f"  and {len(made.left) - _NOTES} more")
    return 0
