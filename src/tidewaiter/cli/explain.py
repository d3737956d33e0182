"""`tidewaiter explain`: one finding in full."""

import json
import sys
from datetime import timedelta
from typing import Annotated, Any

from cyclopts import Parameter

from tidewaiter import wiring
from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.cli.changes import base_of, changes
from tidewaiter.cli.explain_defect import explain_defect, is_defect
from tidewaiter.cli.options import Judging, judge
from tidewaiter.cli.output import columns, is_coloured, write
from tidewaiter.cli.stored import find, read_report
from tidewaiter.core.model.location import Location
from tidewaiter.core.report import Report, ReportFinding
from tidewaiter.render.table.text import Page

_AROUND = 2
"""Lines of source shown before and after the place."""
_INDENT = 11
_EXCEPTION_DAYS = 90


def explain(
    finding: str,
    path: str = ".",
    /,
    *,
    judging: Judging | None = None,
    report: Annotated[str, Parameter(name="--report", show_default=False)] = "",
) -> int:
    """Tell why a finding is one, where, who owns it, how to fix it, and how to except it.

    With the id of a vulnerability and one --image it tells why that image has it or not: every row of advisory data
    that was looked at, what was compared, and the nearest rows that were not heard.

    Parameters
    ----------
    finding
        Id of a finding or group as check shows it, or the beginning of one; or CVE-…, GHSA-… with --image.
    path
        Folder of the repository, or one manifest.
    judging
        How the tree is judged: the same options as for check.
    report
        Take the finding from this report instead of judging again.

    """
    options = judging or Judging()
    if is_defect(finding) and len(options.image) == 1:
        return explain_defect(finding, options.image[0], db=options.db, vex=options.vex)
    known = read_report(report) if report else judge(path, options)
    found = find(known, finding)
    page = Page(colour=is_coloured(sys.stdout), width=columns())
    _write_head(page, found)
    _write_policy(page, found, path, options)
    for place in (found.location, *found.related):
        _write_place(page, place, path)
    _write_facts(page, found)
    _write_owner(page, found)
    _write_fix(page, known, found, path)
    _write_exception(page, found)
    write(sys.stdout, page.text())
    return 0


def _write_head(page: Page, found: ReportFinding) -> None:
    page.line(found.message or found.title, first=f"{found.severity:<10} ", indent=_INDENT, first_style=found.severity)
    rule = "" if found.rule in {"", found.policy} else f", rule {found.rule}"
    _row(page, "finding", f"{found.id}, policy {found.policy}{rule}")
    _row(page, "subject", str(found.subject) + (f", {found.subject.key}" if found.subject.key else ""))
    _row(page, "verdict", _verdict(found))


def _verdict(found: ReportFinding) -> str:
    if found.exception is not None:
        return f"exempted by `{found.exception}`"
    if found.verdict == "Unknown":
        return f"unknown: {found.reason} (the policy says `{found.on_unknown}`)"
    return (
        f"fails the gate (`{found.enforce}`)"
        if found.enforce in {"fail", "deny"}
        else f"does not fail the gate (`{found.enforce}`)"
    )


def _write_policy(page: Page, found: ReportFinding, path: str, options: Judging) -> None:
    spec = wiring.policy_text(found.policy, path=path, folders=options.policies)
    for label, key in (("what", "description"), ("why", "rationale"), ("change", "remediation")):
        text = spec.get(key) or (found.remediation if key == "remediation" else "")
        if isinstance(text, str) and text:
            _row(page, label, " ".join(text.split()))


def _write_place(page: Page, place: Location, path: str) -> None:
    page.line()
    _row(page, "where", str(place) + (f" ({place.pointer})" if place.pointer else ""))
    if not place.file or place.image or place.line is None:
        return
    file = (base_of(path) / place.file).resolve()
    data = DiskWorkspace().read(str(file)) if file.is_relative_to(base_of(path).resolve()) else None
    if data is None:
        return
    lines = data.decode("utf-8", "replace").splitlines()
    first = max(place.line - 1 - _AROUND, 0)
    for number, line in enumerate(lines[first : place.line + _AROUND], first + 1):
        page.verbatim(f"{'>' if number == place.line else ' '} {number:>5} | {line}", dim=number != place.line)


def _write_facts(page: Page, found: ReportFinding) -> None:
    if found.facts:
        page.line()
        told = ", ".join(
            f"{name} {_value(value)}" for name, value in sorted(found.facts.items()) if value not in ("", None)
        )
        _row(page, "facts", told)


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _write_owner(page: Page, found: ReportFinding) -> None:
    owner = found.owner
    routable = "" if owner.routable or not owner.value else "; not routable"
    _row(page, "owner", f"{owner.value} ({owner.rule}{routable})" if owner.value else "nobody is named")


def _write_fix(page: Page, report: Report, found: ReportFinding, path: str) -> None:
    group = next((group for group in report.groups if found.id in group.findings), None)
    if group is None or group.fix is None:
        return
    page.line()
    safe = "safe" if group.fix.safe else "to be reviewed"
    _row(page, "fix", f"{group.fix.title} ({safe})" + (f": {group.fix.why}" if group.fix.why else ""))
    others = len(group.findings) - 1
    if others:
        _row(page, "", f"the same change closes {others} more")
    for line in changes([group], path=path, unsafe=True).diff.splitlines():
        page.verbatim(line)


def _write_exception(page: Page, found: ReportFinding) -> None:
    page.line()
    until = (SystemClock().now() + timedelta(days=_EXCEPTION_DAYS)).date().isoformat()
    _row(page, "except", "if it may stay, add this to .tidewaiter.yaml and say why:")
    kind, _, name = found.subject.ref.rpartition("/")
    kind = kind.rpartition("/")[2]
    select = {
        "namespace": found.subject.namespace,
        "kind": kind if name and kind[:1].isupper() else "",
        "name": name if kind[:1].isupper() else "",
        "container": found.subject.container,
        "image": found.subject.image if found.subject.ref == found.subject.image else "",
    }
    given = {key: value for key, value in select.items() if value}
    lines = ["exceptions:", f"  - id: {found.policy}-{found.id[:6]}", f"    policies: [{found.policy}]"]
    if given:
        lines.append("    select: {" + ", ".join(f"{key}: {json.dumps(value)}" for key, value in given.items()) + "}")
    value = found.facts.get("vulnerability") or found.subject.key
    if value:
        lines.append(f"    values: [{json.dumps(str(value))}]")
    lines += ["    reason: WHY IT MAY STAY", f"    expires: {until}"]
    for line in lines:
        page.verbatim(line)


def _row(page: Page, label: str, text: str) -> None:
    page.line(text, first=f"{label} ", indent=_INDENT, first_style="bold")
