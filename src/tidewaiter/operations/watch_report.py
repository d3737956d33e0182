"""What one pass of `tidewaiter watch run` has to say, as JSON and for the exit code."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.report import as_unicode
from tidewaiter.core.vuln.news import Kind
from tidewaiter.ports.inventories import Use

SCHEMA: Final = "tidewaiter.dev/watch/v1"
URGENT: Final[frozenset[Kind]] = frozenset({"affected", "exploited"})
"""The kinds of news for which a pass fails."""


class SeenIn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """One image that a piece of news is about."""

    name: str
    """The reference under which it was seen last, else its digest."""
    digest: str = ""
    is_current: bool = True
    """False when every name of it stands for a later image and no workload is known to run it."""
    since: str = ""
    """When the finding was first told of this image (RFC 3339)."""
    uses: tuple[Use, ...] = ()


class WatchNews(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """One difference in one package, with every image that holds it."""

    kind: Kind
    id: str
    severity: str
    package: str
    version: str
    purl: str
    source: str
    """Source package: the unit that is upgraded."""
    images: tuple[SeenIn, ...]
    aliases: tuple[str, ...] = ()
    fixed: str | None = None
    status: str = "affected"
    cvss: float | None = None
    kev: bool = False
    before: str = ""
    """What was told before: the severity, the fix, why it was not counted."""
    renamed: str = ""
    """The id that it had before."""
    suppressed: str = ""
    title: str = ""
    match: str = ""
    feed: str = ""
    defect: str = "vulnerability"
    """`malicious` and `informational` are told apart."""


class WatchUnknown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What could not be answered."""

    subject: str
    reason: str
    advice: str = ""
    incomplete: bool = True


class WatchReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One pass."""

    schema: str = SCHEMA
    version: str
    """Of Tidewaiter."""
    created: str
    advisories: str
    """When the data was built."""
    images: int
    """That are known."""
    changed_keys: int
    """Packages, as advisories name them, about which something else is said now."""
    matched: int
    """Pairs of image and package that were matched again."""
    news: tuple[WatchNews, ...]
    unknowns: tuple[WatchUnknown, ...]
    verdict: Literal["pass", "fail", "incomplete"]
    exit_code: int
    reasons: tuple[str, ...]


def encode(report: WatchReport) -> bytes:
    """Return the report as JSON, ending in a newline."""
    try:
        data = msgspec.json.encode(report)
    except UnicodeEncodeError:
        data = msgspec.json.encode(as_unicode(msgspec.to_builtins(report)))
    return msgspec.json.format(data, indent=2) + b"\n"


def told_unknowns(unknowns: Sequence[Unknown]) -> tuple[WatchUnknown, ...]:
    """Return open questions as they are reported, each once."""
    found = (
        WatchUnknown(subject=one.subject, reason=one.reason, advice=one.advice, incomplete=one.incomplete)
        for one in unknowns
    )
    return tuple(dict.fromkeys(found))
