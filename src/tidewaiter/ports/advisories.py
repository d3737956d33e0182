"""Advisory data from outside: documents, the feeds that read them, the store that keeps them, and what can go wrong."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Item

HEAD = 256 * 1024
"""Bytes of a document by which its format is recognised."""


class AdvisoryError(Exception):
    """Advisory data that cannot be used; says what happened, and in `advice` what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep the message as the exception's text and the advice beside it."""
        super().__init__(message)
        self.advice = advice


class DocumentError(Exception):
    """One document that cannot be read to its end; the reason in one sentence without final stop."""


class Document(Protocol):
    """One decompressed file: a plain file, the content of a `.gz`, one entry of a `.zip`."""

    @property
    def name(self) -> str:
        """Return the path as people know it; `archive.zip: entry` for entries."""
        ...

    @property
    def modified(self) -> str:
        """Return the RFC 3339 time of the file or entry, empty when unknown."""
        ...

    def head(self) -> bytes:
        """Return the first bytes, at most `HEAD`; reading them takes nothing from `stream`; DocumentError."""
        ...

    def stream(self) -> BinaryIO:
        """Return the bytes from the start, to be read once; reading raises DocumentError on damage or a limit."""
        ...


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One record or document that was not taken."""

    document: str
    place: str = ""
    """`line 12`, `apache2 CVE-2023-1`, an id; empty for the document as a whole."""
    reason: str

    def __str__(self) -> str:
        """Write it as `document place: reason`."""
        return " ".join(part for part in (self.document, self.place) if part) + f": {self.reason}"


class Notes:
    """What a feed notices while it reads one document; problems are all counted and the first hundred kept."""

    KEPT = 100

    def __init__(self, document: str, dated: str = "") -> None:
        """Start with nothing noticed about `document`."""
        self.document = document
        self.dated = dated
        """RFC 3339 time of the file, for records that carry no date of their own; empty when unknown."""
        self.problems: list[Problem] = []
        self.problem_count = 0
        self.skipped: dict[str, int] = {}
        """Well-formed things that are of no use here, counted by reason."""
        self.taken = ""
        """RFC 3339 time or date of the newest content, as far as the document tells."""

    def problem(self, place: str, reason: str) -> None:
        """Note a record that is broken."""
        self.problem_count += 1
        if len(self.problems) < self.KEPT:
            self.problems.append(Problem(document=self.document, place=place, reason=reason))

    def skip(self, reason: str) -> None:
        """Count something that is fine but of no use here."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def newest(self, time: str) -> None:
        """Keep the newest time seen; all times of one feed are written in one form."""
        self.taken = max(self.taken, time)


class FeedReader(Protocol):
    """A member of the feeds family: recognises its documents by content and reads them as a stream."""

    @property
    def id(self) -> str:
        """Return the kebab-case id, equal to the file name with `-` for `_`."""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Return what it brings: `advisories`, `exploitation`, and the ecosystem when it is for one only."""
        ...

    @property
    def feed(self) -> Feed:
        """Return how it is described in the store, without time and count."""
        ...

    @property
    def is_snapshot(self) -> bool:
        """Tell that a document is the whole feed: a new import replaces all that earlier imports brought."""
        ...

    def accepts(self, head: bytes) -> bool:
        """Tell by the first bytes whether the document is in this format."""
        ...

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Item]:
        """Yield what the document says; broken records go to the notes, a broken document raises DocumentError."""
        ...


class AdvisoryBuilder(Protocol):
    """The writing side of a store; nothing is visible to readers before the whole import is done."""

    def begin(self, reader: FeedReader) -> None:
        """Start a document of a feed; the first document of a snapshot feed drops what earlier imports brought."""
        ...

    def add(self, item: Item) -> None:
        """Keep one item; the newest `modified` of a record wins, equal ones are united.

        Of records without time the later import wins, package by package.
        """
        ...

    def end(self, taken: str) -> None:
        """Finish the document; `taken` is the time of its newest content."""
        ...

    def abandon(self) -> None:
        """Forget the document of a snapshot feed as if it had not been begun; keep what another feed's has given."""
        ...


class DatabaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A whole advisory file."""

    built: str
    """RFC 3339 time of its last import."""
    size: int
    sha256: str
    """Of the file's bytes, in hex."""
    records: int


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """A signature over digest, size and time of one advisory file."""

    sha256: str
    size: int
    built: str
    key: str
    """Id of the key that signed."""
    value: str
    """Base64."""


class Verifier(Protocol):
    """Knows public keys."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the ids of the keys; without any nothing can be verified."""
        ...

    def verify(self, facts: DatabaseFacts, signature: Signature) -> None:
        """Raise AdvisoryError unless the signature is by one of the keys and over exactly this file."""
        ...


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One record that two files do not hold alike."""

    kind: str
    """`added`, `changed`, `removed`."""
    place: str
    """`Debian:12`, `npm`; empty for records that name no package."""
    feed: str
    record: str
    id: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two files, by record."""

    changes: tuple[Change, ...] = ()

    def counts(self) -> tuple[tuple[str, int, int, int], ...]:
        """Return (place, added, changed, removed) of every place that differs, by name."""
        found: dict[str, dict[str, int]] = {}
        for change in self.changes:
            kinds = found.setdefault(change.place, {"added": 0, "changed": 0, "removed": 0})
            kinds[change.kind] += 1
        return tuple((place, *kinds.values()) for place, kinds in sorted(found.items()))  # type: ignore[misc]
