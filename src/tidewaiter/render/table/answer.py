"""The page of `tidewaiter check`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from tidewaiter.core.finding import ManualChange
from tidewaiter.core.report import Report, ReportFinding, ReportGroup
from tidewaiter.render.table.closing import write_closing, write_head
from tidewaiter.render.table.text import Page, counted

_GROUPS: Final = 10
"""People act on ten sentences; the rest is a count (decision of the issue: at most ten groups)."""
_QUESTIONS: Final = 5
_INDENT: Final = 15
_SEVERITIES: Final = ("critical", "high", "medium", "unknown", "low", "info")


def write(page: Page, report: Report) -> None:
    """Write the whole page."""
    findings = {finding.id: finding for finding in report.findings}
    live = [group for group in report.groups if any(findings[one].exception is None for one in group.findings)]
    failed = [group for group in live if _has_failed(group, findings)]
    write_head(page, report)
    for group in failed[:_GROUPS]:
        _write_group(page, group, findings)
    _write_rest(page, failed[_GROUPS:])
    _write_questions(page, [finding for finding in report.findings if _is_open(finding)])
    _write_exempted(page, [finding for finding in report.findings if finding.exception is not None])
    _write_owners(page, failed)
    write_closing(page, report)


def _has_failed(group: ReportGroup, findings: Mapping[str, ReportFinding]) -> bool:
    members = (findings[one] for one in group.findings)
    return any(finding.verdict == "Fail" and finding.exception is None for finding in members)


def _is_open(finding: ReportFinding) -> bool:
    return finding.verdict == "Unknown" and finding.exception is None and finding.on_unknown != "allow"


def _write_group(page: Page, group: ReportGroup, findings: Mapping[str, ReportFinding]) -> None:
    page.line(
        group.sentence, first=f"{group.rank:>3}  {group.severity:<9} ", indent=_INDENT, first_style=group.severity
    )
    live = [one for one in group.findings if findings[one].exception is None]
    what = counted(len(live), "finding") if len(live) > 1 else findings[live[0]].policy
    page.line(f"{_owner(group)} · {_fix(group, findings[live[0]])} · {what} {live[0]}", style="dim", indent=_INDENT)


def _owner(group: ReportGroup) -> str:
    if not group.owner.value:
        return "no owner"
    routable = "" if group.owner.routable else ", not routable"
    return f"owner {group.owner.value} ({group.owner.rule}{routable})"


def _fix(group: ReportGroup, worst: ReportFinding) -> str:
    fix = group.fix
    if fix is None:
        is_open = "vulnerability" in worst.facts and not worst.facts.get("fixed")
        return "no fix yet" if is_open or not worst.remediation else "change by hand"
    if not fix.patches or any(isinstance(patch, ManualChange) for patch in fix.patches):
        return "change by hand"
    return "patch ready" if fix.safe else "patch to review"


def _write_rest(page: Page, rest: Sequence[ReportGroup]) -> None:
    if rest:
        counts = _severities(Counter(group.severity for group in rest))
        page.line()
        page.line(f"and {counted(len(rest), 'more group')} ({counts}); `--format json` lists all of them")


def _severities(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[severity]} {severity}" for severity in _SEVERITIES if counts.get(severity))


def _write_questions(page: Page, questions: Sequence[ReportFinding]) -> None:
    if not questions:
        return
    page.line()
    page.line(f"{counted(len(questions), 'question')} stayed open:", style="bold")
    kinds = Counter((finding.policy, finding.reason) for finding in questions)
    for (policy, reason), number in kinds.most_common(_QUESTIONS):
        page.line(f"{policy}: {reason}" + (f" ({number} times)" if number > 1 else ""), first="  ?", indent=5)
    if len(kinds) > _QUESTIONS:
        page.line(f"and {len(kinds) - _QUESTIONS} more kinds of question", indent=5)


def _write_exempted(page: Page, exempted: Sequence[ReportFinding]) -> None:
    if not exempted:
        return
    by = Counter(str(finding.exception) for finding in exempted)
    told = ", ".join(
        f"{number} by `{name}`" if name != "accepted" else f"{number} accepted" for name, number in by.items()
    )
    page.line()
    page.line(f"{counted(len(exempted), 'finding')} exempted: {told}")


def _write_owners(page: Page, groups: Sequence[ReportGroup]) -> None:
    if not groups:
        return
    by = Counter(group.owner.value or "nobody" for group in groups)
    told = ", ".join(f"{owner} {number}" for owner, number in sorted(by.items(), key=lambda item: (-item[1], item[0])))
    page.line()
    page.line(f"who acts: {told}")
