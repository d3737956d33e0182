"""The report as a document, `tidewaiter.dev/report/v1`: its fields are the JSON names that others build on."""

from typing import Any, Final, Literal

import msgspec

from tidewaiter.core.finding import Fix, Owner, SubjectRef
from tidewaiter.core.model.location import Location
from tidewaiter.core.report.facts import Facts

SCHEMA: Final = "tidewaiter.dev/report/v1"
"""Fields are only ever added within a version."""

VerdictName = Literal["Pass", "Fail", "Unknown"]
ExitCode = Literal[0, 1, 2, 3]


class ReportError(ValueError):
    """A text that is no report of ours."""

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep what a person can do beside what happened."""
        super().__init__(message)
        self.advice = advice


class AdvisoryFacts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Which advisory data answered."""

    built: str = ""
    """RFC 3339 time at which the database was made; empty without a database."""
    age: float | None = None
    """Hours between `built` and the run; null without a database."""
    missing: tuple[str, ...] = ()
    """Ecosystems that packages belong to and no feed covers."""


class ToolFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Which program and which data made the report."""

    version: str
    advisories: AdvisoryFacts
    name: str = "tidewaiter"


class Input(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that was read."""

    kind: Literal["tree", "image", "filesystem"]
    name: str
    """Path of the tree, or the image's name."""
    source: str = ""
    """The archive that an image was read from."""
    digest: str = ""


class ReportFinding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """One finding as it stands in the report."""

    id: str
    policy: str
    rule: str
    severity: Literal["critical", "high", "medium", "unknown", "low", "info"]
    verdict: Literal["Fail", "Unknown"]
    message: str
    subject: SubjectRef
    location: Location
    related: tuple[Location, ...] = ()
    owner: Owner
    fix: Fix | None = None
    exception: str | None = None
    """Id of the exception that exempts it; `accepted` for the accepted file."""
    title: str = ""
    reason: str = ""
    """Verdict `Unknown` only: why we could not look."""
    remediation: str = ""
    enforce: str = "warn"
    on_unknown: Literal["allow", "warn", "deny"] = "warn"
    facts: dict[str, Any] = {}
    """Figures that ranking read."""


class ReportGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Findings that one change closes, worst first."""

    id: str
    rank: int
    """From 1."""
    sentence: str
    """Fix what, where, and why now."""
    severity: Literal["critical", "high", "medium", "unknown", "low", "info"]
    fails: bool = False
    """True when at least one of its findings fails the gate."""
    fix: Fix | None = None
    owner: Owner
    location: Location
    findings: tuple[str, ...]
    """Ids, the worst first."""


class ReportUnknown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was not looked at."""

    subject: str
    reason: str
    advice: str = ""
    location: Location | None = None
    incomplete: bool = True


class ExceptionNote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one exception."""

    id: str
    state: Literal["active", "expires-soon", "expired", "unused"]
    findings: int = 0
    """How many findings it exempts."""
    expires: str = ""
    reason: str = ""
    advice: str = ""


class Note(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something worth knowing that changes no verdict."""

    subject: str
    text: str


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """Everything one run has to say."""

    schema: str
    tool: ToolFacts
    inputs: tuple[Input, ...]
    verdict: VerdictName
    exit_code: ExitCode
    reasons: tuple[str, ...]
    groups: tuple[ReportGroup, ...]
    findings: tuple[ReportFinding, ...]
    unknowns: tuple[ReportUnknown, ...]
    exceptions: tuple[ExceptionNote, ...] = ()
    notes: tuple[Note, ...] = ()
    created: str = ""
    """RFC 3339 time of the run; `SOURCE_DATE_EPOCH` decides it where it is set."""
    facts: Facts | None = None


def exit_code(report: Report) -> int:
    """Return the exit code of a command that ends with this report."""
    return report.exit_code


def encode_report(report: Report) -> bytes:
    """Return the report as JSON, indented, ending in a newline; text that is no Unicode is written escaped."""
    try:
        encoded = msgspec.json.encode(report)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(as_unicode(msgspec.to_builtins(report)))
    return msgspec.json.format(encoded, indent=2) + b"\n"


def as_unicode(value: Any) -> Any:
    r"""Return the value with lone surrogates, which stand for broken bytes of names, written as `\udcff`."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {as_unicode(key): as_unicode(one) for key, one in value.items()}
        case list() | tuple():
            return [as_unicode(one) for one in value]
        case _:
            return value


def decode_report(data: bytes) -> Report:
    """Read a report back; raises `ReportError` for anything else."""
    advice = "give the file that `tidewaiter scan` or `check` wrote with `--format json --output FILE`"
    try:
        report = msgspec.json.decode(data, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReportError(f"not a report: {error}", advice) from error
    if report.schema != SCHEMA:
        raise ReportError(f"a report of schema `{report.schema}`, not `{SCHEMA}`", advice)
    return report


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every report obeys."""
    (root,), components = msgspec.json.schema_components([Report], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "Report of tidewaiter check and tidewaiter scan",
        **root,
        "$defs": components,
    }
