"""Today's findings accepted as known: `.tidewaiter/accepted.json`, so that only new ones fail (decision 2)."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from tidewaiter.core.finding import Finding
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Fail
from tidewaiter.core.strict import DocumentError

ACCEPTED: Final = "accepted"
"""What `Finding.exception` says of an accepted finding."""
_SCHEMA: Final = "tidewaiter.dev/accepted/v1"


class AcceptedFinding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the file: the id decides, the rest is for the person who reviews the change."""

    id: str
    policy: str = ""
    subject: str = ""
    key: str = ""


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    schema: str
    findings: tuple[AcceptedFinding, ...]


def decode_accepted(data: bytes, *, file: str) -> Accepted:
    """Read the file; raises `DocumentError`, and then nothing is accepted."""
    advice = "run `tidewaiter check --accept-current` again, or restore the file from version control"
    try:
        accepted = msgspec.json.decode(data, type=Accepted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DocumentError(
            f"not a list of accepted findings: {error}", location=Location(file=file), advice=advice
        ) from error
    if accepted.schema != _SCHEMA:
        message = f"schema `{accepted.schema}` is not `{_SCHEMA}`"
        raise DocumentError(message, location=Location(file=file), advice=advice)
    return accepted


def encode_accepted(findings: Iterable[Finding]) -> bytes:
    """Return the file for these findings: violations that no exception exempts, sorted, without times or lines."""
    lines = {
        finding.id: AcceptedFinding(
            id=finding.id, policy=finding.policy, subject=str(finding.subject), key=finding.subject.key
        )
        for finding in findings
        if isinstance(finding.verdict, Fail) and finding.exception in {None, ACCEPTED}
    }
    ordered = sorted(lines.values(), key=lambda line: (line.policy, line.subject, line.key, line.id))
    return msgspec.json.format(msgspec.json.encode(Accepted(schema=_SCHEMA, findings=tuple(ordered))), indent=2) + b"\n"


def accept(
    findings: Sequence[Finding], accepted: Accepted | None
) -> tuple[tuple[Finding, ...], tuple[AcceptedFinding, ...]]:
    """Mark the accepted findings; also return the lines that no longer match anything and can be removed."""
    if accepted is None:
        return tuple(findings), ()
    ids = {line.id for line in accepted.findings}
    marked = tuple(
        msgspec.structs.replace(finding, exception=ACCEPTED)
        if finding.exception is None and finding.id in ids and isinstance(finding.verdict, Fail)
        else finding
        for finding in findings
    )
    present = {finding.id for finding in findings}
    return marked, tuple(line for line in accepted.findings if line.id not in present)
