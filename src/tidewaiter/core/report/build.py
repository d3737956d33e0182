"""Joins findings, groups, unknowns and notes into one report."""

from collections.abc import Sequence

from tidewaiter.core.finding import Finding, Owner
from tidewaiter.core.model.verdict import Fail, Unknown
from tidewaiter.core.rank import Group
from tidewaiter.core.report.decide import decide, fails_gate
from tidewaiter.core.report.document import (
    SCHEMA,
    ExceptionNote,
    Input,
    Note,
    Report,
    ReportFinding,
    ReportGroup,
    ReportUnknown,
    ToolFacts,
)
from tidewaiter.core.report.facts import Facts

NOBODY = Owner(value="", rule="none", routable=False)
"""The owner of what nobody was named for."""


def build_report(
    *,
    tool: ToolFacts,
    inputs: Sequence[Input],
    findings: Sequence[Finding],
    groups: Sequence[Group],
    unknowns: Sequence[Unknown],
    exceptions: Sequence[ExceptionNote] = (),
    notes: Sequence[Note] = (),
    facts: Facts | None = None,
    created: str = "",
    judged: bool = True,
) -> Report:
    """Return the report; findings stand in the order of their groups, so that diffs of two reports are small."""
    told = list({(unknown.subject, unknown.reason): unknown for unknown in unknowns}.values())
    decision = decide(findings, told, judged=judged)
    order = {finding.id: place for place, finding in enumerate(one for group in groups for one in group.findings)}
    ordered = sorted(findings, key=lambda finding: (order.get(finding.id, len(order)), finding.policy, finding.id))
    return Report(
        schema=SCHEMA,
        tool=tool,
        inputs=tuple(inputs),
        verdict=decision.verdict,
        exit_code=decision.exit_code,
        reasons=decision.reasons,
        groups=tuple(_group(group, rank) for rank, group in enumerate(groups, 1)),
        findings=tuple(_finding(finding) for finding in ordered),
        unknowns=tuple(_unknowns(told)),
        exceptions=tuple(exceptions),
        notes=tuple(notes),
        created=created,
        facts=facts,
    )


def _group(group: Group, rank: int) -> ReportGroup:
    worst = group.findings[0]
    return ReportGroup(
        id=group.id,
        rank=rank,
        sentence=group.sentence,
        severity=worst.severity.value,
        fails=any(map(fails_gate, group.findings)),
        fix=group.fix,
        owner=worst.owner or NOBODY,
        location=worst.location,
        findings=tuple(finding.id for finding in group.findings),
    )


def _finding(finding: Finding) -> ReportFinding:
    verdict = finding.verdict
    return ReportFinding(
        id=finding.id,
        policy=finding.policy,
        rule=finding.rule,
        severity=finding.severity.value,
        verdict="Fail" if isinstance(verdict, Fail) else "Unknown",
        message=finding.message,
        subject=finding.subject,
        location=finding.location,
        related=finding.related,
        owner=finding.owner or NOBODY,
        fix=finding.fix,
        exception=finding.exception,
        title=finding.title,
        reason=verdict.reason if isinstance(verdict, Unknown) else "",
        remediation=finding.remediation,
        enforce=finding.enforce,
        on_unknown=finding.on_unknown,
        facts=dict(finding.facts),
    )


def _unknowns(unknowns: Sequence[Unknown]) -> list[ReportUnknown]:
    found = [
        ReportUnknown(
            subject=unknown.subject,
            reason=unknown.reason,
            advice=unknown.advice,
            location=unknown.location,
            incomplete=unknown.incomplete,
        )
        for unknown in unknowns
    ]
    return sorted(found, key=lambda unknown: (not unknown.incomplete, unknown.subject, unknown.reason))
