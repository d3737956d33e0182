"""`tidewaiter explain CVE-… --image NAME`: rows, intervals, comparer, owner, suppression, and the nearest misses."""

import os
import re
import sys
from collections.abc import Sequence

from tidewaiter import wiring
from tidewaiter.cli.output import columns, is_coloured, progress, remark, write
from tidewaiter.core.vuln.explain import Explanation, RowTold
from tidewaiter.render.table.text import Page

_DEFECT = re.compile(r"[A-Z]{2,}[A-Za-z0-9]*-[A-Za-z0-9-]*[0-9a-z][A-Za-z0-9-]*|[a-z]+/\S+")
_LOWER = re.compile(r"cve-[0-9]{4}-[0-9]+|ghsa(?:-[0-9a-z]{4}){3}")
_INDENT = 11
_MISSES = 5


def is_defect(text: str) -> bool:
    """Tell whether a text is the id of a vulnerability (`CVE-2024-0727`, `GHSA-…`, `retirejs/lodash/2`) and not that of a finding."""
    return _DEFECT.fullmatch(text) is not None or _LOWER.fullmatch(text) is not None


def _spelled(text: str) -> str:
    """Return an id as advisories write it; people write `cve-2024-0727` too."""
    if _LOWER.fullmatch(text) is None:
        return text
    letters, dash, rest = text.partition("-")
    return letters.upper() + dash + rest


def explain_defect(defect: str, image: str, *, db: str, vex: Sequence[str] = ()) -> int:
    """Print everything about a vulnerability in an image; 0 always, as nothing is judged."""
    defect = _spelled(defect)
    with progress() as shown:
        settings = wiring.read_settings(os.environ)
        found, unread = wiring.run_explain(defect, image, settings=settings, database=db, progress=shown, vex=vex)
    for document in unread:
        remark(f"remark: {document.subject}: {document.reason}")
    page = Page(colour=is_coloured(sys.stdout), width=columns())
    if not found:
        page.line(f"No advisory about {defect} names a package of {image}, in any release.")
        page.line("See `tidewaiter db status` for what the data covers.")
    for place, one in enumerate(found):
        if place:
            page.line()
        _write(page, one)
    write(sys.stdout, page.text())
    return 0


def _write(page: Page, one: Explanation) -> None:
    package = one.package
    page.line(f"{package.type} {package.name} {package.version}: {one.verdict}")
    _row(page, "ids", ", ".join(one.ids))
    if one.severity:
        _row(page, "severity", one.severity)
    if one.fixed:
        _row(page, "fix", one.fixed + (f", needs {one.fix_needs}" if one.fix_needs else ""))
    if one.match:
        _row(page, "match", one.match)
    if one.suppressed:
        _row(page, "suppressed", one.suppressed)
    if one.owner:
        _row(page, "owner", f"OS package {one.owner}")
    if package.location is not None:
        _row(page, "where", str(package.location) + (f" {package.inside}" if package.inside else ""))
    for row in one.rows:
        _row(page, "row", _told(row))
    for row in one.misses[:_MISSES]:
        _row(page, "not heard", f"{_told(row)}: {row.why}")
    if len(one.misses) > _MISSES:
        _row(page, "", f"and {len(one.misses) - _MISSES} more rows for other builds and releases")


def _told(row: RowTold) -> str:
    place = {True: "inside", False: "outside", None: "not compared"}[row.is_inside]
    compared = f"{row.version} is {place} ({row.comparer})" if row.version else place
    asks = f" for {row.asks}" if row.asks else ""
    status = row.status.value.replace("_", " ")
    return f"{row.feed} {row.record}: {row.place}{asks}, {row.interval} is {status}; {compared}"


def _row(page: Page, label: str, text: str) -> None:
    page.line(text, first=f"{label} ", indent=_INDENT, first_style="bold")
