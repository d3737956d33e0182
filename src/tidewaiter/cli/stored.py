"""Reports that were written before, and findings in them."""

from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.core.report import Report, ReportError, ReportFinding, decode_report

_SHORTEST = 4
"""Hex digits; shorter prefixes name too many findings to be meant."""
_NAMED = 5


class FindingError(Exception):
    """The id that was given names no finding, or several."""

    def __init__(self, message: str, advice: str) -> None:
        """Say which id, and what to give instead."""
        super().__init__(message)
        self.advice = advice


def read_report(file: str) -> Report:
    """Return a report that `check --format json` wrote; raises `ReportError`."""
    data = DiskWorkspace().read(file)
    if data is None:
        raise ReportError(
            f"there is no file {file}", "write one with `--format json --output FILE` of `tidewaiter scan` or `check`"
        )
    return decode_report(data)


def find(report: Report, wanted: str) -> ReportFinding:
    """Return the finding whose id is `wanted` or begins with it; the id of a group means its worst finding."""
    text = wanted.lower()
    if len(text) < _SHORTEST:
        raise FindingError(f"`{wanted}` is too short", f"give at least {_SHORTEST} characters of the id")
    found = [finding for finding in report.findings if finding.id.startswith(text)]
    if not found:
        worst = [group.findings[0] for group in report.groups if group.id.startswith(text)]
        found = [finding for finding in report.findings if finding.id in worst]
    if not found:
        raise FindingError(
            f"no finding has the id `{wanted}`", "`tidewaiter check` shows the ids; use the same options here"
        )
    if len(found) > 1:
        ids = ", ".join(finding.id for finding in found[:_NAMED])
        raise FindingError(f"`{wanted}` names {len(found)} findings", f"give more characters: {ids}")
    return found[0]
