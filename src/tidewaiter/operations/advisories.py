"""The use case of `db import`: documents in, rows out, and an account of everything that was not taken."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from tidewaiter.core.registry import Registry
from tidewaiter.ports.advisories import (
    AdvisoryBuilder,
    AdvisoryError,
    Document,
    DocumentError,
    FeedReader,
    Notes,
    Problem,
)

_DATE = 10
_KEPT_NAMES = 1000
_FORMATS = (
    "give OSV records (JSON, JSON lines, zip), Debian's tracker, KEV or EPSS, plain or compressed, or a folder of them"
)


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did."""

    documents: int = 0
    """Documents that were read to their end."""
    items: int = 0
    """Records and figures that were taken."""
    by_feed: tuple[tuple[str, int], ...] = ()
    """Items per feed, by id."""
    broken_records: int = 0
    broken_documents: int = 0
    problems: tuple[Problem, ...] = ()
    """The first ones of each document."""
    skipped: tuple[tuple[str, int], ...] = ()
    """Well-formed things without use here, by reason."""
    unrecognised: tuple[str, ...] = ()
    """Documents in no format that is known; the first thousand."""
    damaged: tuple[str, ...] = ()
    """Names of the documents that could not be read to their end; the first thousand."""


def _unexplained(head: bytes) -> str:  # noqa: ARG001 - one of several that look alike
    return ""


class _Tally:
    def __init__(self) -> None:
        self.documents = self.items = self.broken_records = self.broken_documents = 0
        self.by_feed: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.skipped: dict[str, int] = {}
        self.unrecognised: list[str] = []
        self.damaged: list[str] = []

    def broken(self, document: str, reason: str) -> None:
        self.broken_documents += 1
        if len(self.damaged) < _KEPT_NAMES:
            self.damaged.append(document)
        if len(self.problems) < _KEPT_NAMES:
            self.problems.append(Problem(document=document, reason=reason))

    def left_out(self, document: str, reason: str) -> None:
        if reason:
            self.skipped[f"documents: {reason}"] = self.skipped.get(f"documents: {reason}", 0) + 1
        elif len(self.unrecognised) < _KEPT_NAMES:
            self.unrecognised.append(document)

    def take(self, notes: Notes) -> None:
        self.broken_records += notes.problem_count
        if len(self.problems) < Notes.KEPT:
            self.problems.extend(notes.problems)
        for reason, count in notes.skipped.items():
            self.skipped[reason] = self.skipped.get(reason, 0) + count


def import_advisories(
    documents: Iterable[Document | DocumentError],
    *,
    feeds: Registry[FeedReader],
    builder: AdvisoryBuilder,
    progress: Callable[[str], None] | None = None,
    explain: Callable[[bytes], str] = _unexplained,
    dated: str = "",
) -> Imported:
    """Read every document with the first feed that recognises it; a damaged one never costs the others.

    `explain` tells by the first bytes why a document that no feed takes is of no use, empty when nobody knows. `dated`
    takes the place of the times of files, where a result must not depend on them.

    A cut-off document of a snapshot feed is undone, so that half a feed is never taken for the whole one.
    AdvisoryError when nothing at all could be read.
    """
    tally = _Tally()
    for document in documents:
        if isinstance(document, DocumentError):
            tally.broken("", str(document))
            continue
        _document(document, _Using(feeds, builder, explain, dated), tally)
        if progress is not None:
            progress(f"{tally.documents} documents, {tally.items} records: {document.name}")
    if not tally.by_feed:
        raise AdvisoryError(f"nothing was imported: {_first_reason(tally)}", _FORMATS)
    return Imported(
        documents=tally.documents,
        items=tally.items,
        by_feed=tuple(sorted(tally.by_feed.items())),
        broken_records=tally.broken_records,
        broken_documents=tally.broken_documents,
        problems=tuple(tally.problems),
        skipped=tuple(sorted(tally.skipped.items())),
        unrecognised=tuple(tally.unrecognised),
        damaged=tuple(tally.damaged),
    )


class _Using(NamedTuple):
    feeds: Registry[FeedReader]
    builder: AdvisoryBuilder
    explain: Callable[[bytes], str]
    dated: str


def _document(document: Document, using: _Using, tally: _Tally) -> None:
    modified = using.dated or document.modified
    notes = Notes(document.name, modified)
    builder = using.builder
    items = 0
    reader: FeedReader | None = None
    try:
        head = document.head()
        reader = next((feed for feed in using.feeds if feed.accepts(head)), None)
        if reader is None:
            tally.left_out(document.name, using.explain(head))
            return
        builder.begin(reader)
        for item in reader.read(document.stream(), notes):
            builder.add(item)
            items += 1
    except DocumentError as error:
        tally.broken(document.name, str(error))
        tally.take(notes)
        if reader is None:
            return
        builder.abandon()
        if reader.is_snapshot:
            return
    else:
        builder.end(_time(notes.taken) or modified)
        tally.documents += 1
        tally.take(notes)
    tally.items += items
    tally.by_feed[reader.id] = tally.by_feed.get(reader.id, 0) + items


def _first_reason(tally: _Tally) -> str:
    if tally.problems:
        return str(tally.problems[0])
    if tally.unrecognised:
        return f"{tally.unrecognised[0]} is in no format that is known"
    if tally.skipped:
        return next(iter(tally.skipped)).removeprefix("documents: ")
    return "there are no files"


def _time(text: str) -> str:
    """Return a date as the start of that day, a time as it is."""
    return f"{text}T00:00:00Z" if len(text) == _DATE else text
