"""The verdict, the exit code and the reasons: one pure function (decision 2: exit codes)."""

from collections.abc import Sequence
from typing import Final

import msgspec

from tidewaiter.core.finding import Finding
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.verdict import Fail, Unknown
from tidewaiter.core.report.document import ExitCode, VerdictName

_BLOCKING: Final = frozenset({"fail", "deny"})
_NAMED_AT_MOST: Final = 5
"""Reasons name this many policies; the rest is a count, so that the last line stays one line."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the run ends with, and why."""

    verdict: VerdictName
    exit_code: ExitCode
    reasons: tuple[str, ...]


def fails_gate(finding: Finding) -> bool:
    """Tell whether this finding alone makes the gate fail: `info` never does, an exempted one neither."""
    return (
        isinstance(finding.verdict, Fail)
        and finding.exception is None
        and finding.enforce in _BLOCKING
        and finding.severity is not Severity.INFO
    )


def stays_open(finding: Finding) -> bool:
    """Tell whether this question stayed open and its policy does not allow that."""
    return isinstance(finding.verdict, Unknown) and finding.exception is None and finding.on_unknown == "deny"


def decide(findings: Sequence[Finding], unknowns: Sequence[Unknown], *, judged: bool = True) -> Decision:
    """Return the decision; precedence of exit codes is 2 > 1 > 3 > 0.

    `judged` is False when there was nothing to judge: no object, no image, no package could be read.
    """
    incomplete = [unknown for unknown in unknowns if unknown.incomplete]
    if not judged:
        reasons = [_told(unknown) for unknown in incomplete[:_NAMED_AT_MOST]]
        return Decision(
            verdict="Unknown",
            exit_code=2,
            reasons=("nothing could be judged: no manifest, Dockerfile, lock file or image was read", *reasons),
        )
    failing = [finding for finding in findings if fails_gate(finding)]
    reasons = _open_reasons(incomplete, [finding for finding in findings if stays_open(finding)])
    if failing:
        return Decision(verdict="Fail", exit_code=1, reasons=(_failing_reason(failing), *reasons))
    if reasons:
        return Decision(verdict="Unknown", exit_code=3, reasons=tuple(reasons))
    return Decision(verdict="Pass", exit_code=0, reasons=(_passing_reason(findings),))


def _failing_reason(failing: Sequence[Finding]) -> str:
    policies = sorted({finding.policy for finding in failing})
    return f"{_count(len(failing), 'finding')} {'fails' if len(failing) == 1 else 'fail'} the gate: {_named(policies)}"


def _open_reasons(incomplete: Sequence[Unknown], left_open: Sequence[Finding]) -> list[str]:
    reasons = []
    if incomplete:
        more = f" and {len(incomplete) - 1} more" if len(incomplete) > 1 else ""
        reasons.append(f"incomplete: {_told(incomplete[0])}{more}")
    if left_open:
        policies = sorted({finding.policy for finding in left_open})
        reasons.append(f"{_count(len(left_open), 'question')} stayed open that must be answered: {_named(policies)}")
    return reasons


def _passing_reason(findings: Sequence[Finding]) -> str:
    exempted = sum(finding.exception is not None for finding in findings)
    warned = sum(finding.exception is None for finding in findings)
    parts = [f"{_count(warned, 'warning')}" if warned else "", f"{exempted} exempted or accepted" if exempted else ""]
    told = ", ".join(part for part in parts if part)
    return f"no finding fails the gate ({told})" if told else "no finding"


def _told(unknown: Unknown) -> str:
    if unknown.reason.startswith(f"{unknown.subject}:"):  # The reason names the place more exactly.
        return unknown.reason
    return f"{unknown.subject}: {unknown.reason}"


def _named(policies: Sequence[str]) -> str:
    rest = len(policies) - _NAMED_AT_MOST
    return ", ".join(policies[:_NAMED_AT_MOST]) + (f" and {_count(rest, 'other policy')}" if rest > 0 else "")


def _count(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"
