"""The report of one run: what was read, what was found, who acts, and the exit code with its reasons (decision 3b)."""

from tidewaiter.core.report.build import build_report
from tidewaiter.core.report.decide import Decision, decide, fails_gate, stays_open
from tidewaiter.core.report.document import (
    SCHEMA,
    AdvisoryFacts,
    ExceptionNote,
    Input,
    Note,
    Report,
    ReportError,
    ReportFinding,
    ReportGroup,
    ReportUnknown,
    ToolFacts,
    as_unicode,
    decode_report,
    encode_report,
    exit_code,
    report_schema,
)
from tidewaiter.core.report.facts import Facts
from tidewaiter.core.report.gather import facts_of

__all__ = [
    "SCHEMA",
    "AdvisoryFacts",
    "Decision",
    "ExceptionNote",
    "Facts",
    "Input",
    "Note",
    "Report",
    "ReportError",
    "ReportFinding",
    "ReportGroup",
    "ReportUnknown",
    "ToolFacts",
    "as_unicode",
    "build_report",
    "decide",
    "decode_report",
    "encode_report",
    "exit_code",
    "facts_of",
    "fails_gate",
    "report_schema",
    "stays_open",
]
