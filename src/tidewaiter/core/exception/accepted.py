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


def encode_accepted(lines: Iterable[AcceptedFinding]) -> bytes:
    """Return the file for these lines, each once, sorted, without times or line numbers, so that diffs are small."""
    ordered = sorted(set(lines), key=lambda line: (line.policy, line.subject, line.key, line.id))
    return msgspec.json.format(msgspec.json.encode(Accepted(schema=_SCHEMA, findings=tuple(ordered))), indent=2) + b"\n"


def accept(
    findings: Sequence[Finding], accepted: Accepted | None
) -> tuple[tuple[Finding, ...], tuple[AcceptedFinding, ...]]:
    """Mark the accepted findings; also return the lines that no longer match anything and can be removed."""
    if accepted is None:
        return tuple(findings), ()
    ids = {line.id for line in accepted.findings}
    present = {finding.id for finding in findings}
    marked = tuple(_accepted(finding) if finding.id in ids else finding for finding in findings)
    return marked, tuple(line for line in accepted.findings if line.id not in present)


def accept_all(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Mark every violation that no exception exempts; questions that stayed open are never accepted."""
    return tuple(map(_accepted, findings))


def _accepted(finding: Finding) -> Finding:
    if finding.exception is not None or not isinstance(finding.verdict, Fail):
        return finding
    return msgspec.structs.replace(finding, exception=ACCEPTED)
