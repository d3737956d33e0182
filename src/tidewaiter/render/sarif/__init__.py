"""The report as SARIF 2.1.0 (OASIS), for code hosts and editors."""

import json
from typing import Any, Final

import msgspec

from tidewaiter.core.report import Report, ReportUnknown
from tidewaiter.render.sarif import findings, inventory

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_MOST_RESULTS: Final = 25_000
"""GitHub refuses a run with more results; the least urgent are left out."""


class _Sarif(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "sarif"
    tags: frozenset[str] = frozenset({"machines", "check", "scan"})
    media_type: str = "application/sarif+json"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the log."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return a SARIF log of one run, ending in a newline; what was not looked at becomes notifications."""
    if report.facts is not None:
        rules, results, left_out = inventory.told(report.facts, most=_MOST_RESULTS)
    else:
        shown = report.findings[:_MOST_RESULTS]
        rules, results = findings.told(shown, report.groups)
        left_out = len(report.findings) - len(shown)
    run: dict[str, Any] = {
        "tool": {"driver": {"name": report.tool.name, "version": report.tool.version, "rules": rules}},
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the checked tree."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, left_out=left_out)],
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    text = json.dumps(log, indent=2, ensure_ascii=False)
    # A lone surrogate stands for a broken byte of a name; its escape is valid inside a JSON string.
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _invocation(report: Report, *, left_out: int) -> dict[str, Any]:
    notifications = [_notification(unknown) for unknown in report.unknowns]
    if left_out > 0:
        text = f"{left_out} less urgent findings were left out: a run holds at most {_MOST_RESULTS}"
        notifications.append({"level": "warning", "message": {"text": text}})
    return {
        "executionSuccessful": report.exit_code in {0, 1},
        "exitCode": report.exit_code,
        "exitCodeDescription": "; ".join(report.reasons),
        "toolExecutionNotifications": notifications,
    }


def _notification(unknown: ReportUnknown) -> dict[str, Any]:
    advice = f"; {unknown.advice}" if unknown.advice else ""
    text = f"{unknown.subject}: {unknown.reason}{advice}"
    return {"level": "error" if unknown.incomplete else "note", "message": {"text": text}}


RENDERER: Final = _Sarif()
