"""`tidewaiter fix`: the changes that close findings, as a unified diff."""

import sys
import textwrap
from typing import Annotated

from cyclopts import Parameter

from tidewaiter.cli.changes import changes, live_groups
from tidewaiter.cli.options import Judging, judge
from tidewaiter.cli.output import columns, printable, remark, write
from tidewaiter.cli.stored import read_report
from tidewaiter.render.table.text import counted

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
    close = "closes" if len(made.groups) == 1 else "close"
    need = "needs" if len(made.left) == 1 else "need"
    remark(
        f"{counted(len(made.groups), 'change')} {close} {counted(closed, 'finding')}; "
        f"{counted(len(made.left), 'group')} {need} a person"
    )
    for left in made.left[:_NOTES]:
        _tell(f"{left.group.rank:>3}  ", left.group.sentence)
        _tell("     → ", left.reason)
    if len(made.left) > _NOTES:
        remark(f"  and {len(made.left) - _NOTES} more")
    return 0


def _tell(label: str, text: str) -> None:
    """Wrap one remark to the terminal, its further lines below the first."""
    inner = " " * len(label)
    for line in textwrap.wrap(
        text, columns(), initial_indent=label, subsequent_indent=inner, break_on_hyphens=False, break_long_words=False
    ):
        remark(line)
