"""The use case of `db import`: documents in, rows out, and an account of everything that was not taken."""

from collections.abc import Callable, Iterable

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
_FORMATS = (
    "give OSV records (JSON, JSON lines, zip), Debian's tracker, KEV or EPSS, plain or gzipped, or a folder of them"
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
    """Documents in no format that is known."""


class _Tally:
    def __init__(self) -> None:
        self.documents = self.items = self.broken_records = self.broken_documents = 0
        self.by_feed: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.skipped: dict[str, int] = {}
        self.unrecognised: list[str] = []

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
) -> Imported:
    """Read every document with the first feed that recognises it; a damaged one never costs the others.

    A cut-off document of a snapshot feed is undone, so that half a feed is never taken for the whole one.
    AdvisoryError when nothing at all could be read.
    """
    tally = _Tally()
    for document in documents:
        if isinstance(document, DocumentError):
            tally.broken_documents += 1
            tally.problems.append(Problem(document="", reason=str(document)))
            continue
        _document(document, feeds, builder, tally)
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
    )


def _document(document: Document, feeds: Registry[FeedReader], builder: AdvisoryBuilder, tally: _Tally) -> None:
    notes = Notes(document.name, document.modified)
    items = 0
    reader: FeedReader | None = None
    try:
        head = document.head()
        reader = next((feed for feed in feeds if feed.accepts(head)), None)
        if reader is None:
            tally.unrecognised.append(document.name)
            return
        builder.begin(reader)
        for item in reader.read(document.stream(), notes):
            builder.add(item)
            items += 1
    except DocumentError as error:
        tally.broken_documents += 1
        tally.problems.append(Problem(document=document.name, reason=str(error)))
        tally.take(notes)
        if reader is None:
            return
        builder.abandon()
        if reader.is_snapshot:
            return
    else:
        builder.end(_time(notes.taken) or document.modified)
        tally.documents += 1
        tally.take(notes)
    tally.items += items
    tally.by_feed[reader.id] = tally.by_feed.get(reader.id, 0) + items


def _first_reason(tally: _Tally) -> str:
    if tally.problems:
        return str(tally.problems[0])
    if tally.unrecognised:
        return f"{tally.unrecognised[0]} is in no format that is known"
    return "there are no files"


def _time(text: str) -> str:
    """Return a date as the start of that day, a time as it is."""
    return f"{text}T00:00:00Z" if len(text) == _DATE else text
