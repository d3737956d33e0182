"""The use case of `db update`: documents of feeds are brought here and imported; what cannot be had stays as it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import msgspec

from tidewaiter.core.registry import Registry
from tidewaiter.operations.advisories import Imported, import_advisories
from tidewaiter.ports.advisories import AdvisoryBuilder, AdvisoryError, Document, DocumentError, FeedReader
from tidewaiter.ports.feed_source import FeedAddress, FeedSource, Fetched, FetchError

Open = Callable[[Path], Iterable[Document | DocumentError]]


class Listed(Protocol):
    """One feed of a list."""

    @property
    def ecosystems(self) -> tuple[str, ...]:
        """Return which ecosystems it speaks of; `*` for all."""
        ...

    def addresses(self, name: str, releases: Iterable[str]) -> Iterable[FeedAddress]:
        """Return its documents for some releases, for all without any."""
        ...


class UpdateState(msgspec.Struct, frozen=True, kw_only=True):
    """What the last update left: which documents are in which file."""

    built: str = ""
    """Time of the file that they were imported into."""
    documents: dict[str, str] = {}
    """SHA-256 by feed."""


class Updated(msgspec.Struct, frozen=True, kw_only=True):
    """What an update did."""

    imported: tuple[tuple[str, Imported], ...] = ()
    """By feed of the list."""
    unchanged: tuple[str, ...] = ()
    """Feeds whose documents are in the file already."""
    failed: tuple[tuple[str, str], ...] = ()
    """(feed, reason): their data is that of earlier runs, or there is none."""
    documents: dict[str, str] = {}
    """SHA-256 by feed of everything that is in the file now."""

    @property
    def is_complete(self) -> bool:
        """Tell whether every feed was brought and read to its end."""
        return not self.failed and not any(one.broken_documents for _, one in self.imported)


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What an update works with."""

    source: FeedSource
    open_documents: Open
    feeds: Registry[FeedReader]
    build: Callable[[], AbstractContextManager[AdvisoryBuilder]]
    explain: Callable[[bytes], str]
    progress: Callable[[str], None]


def update(addresses: Sequence[FeedAddress], *, tools: Tools, state: UpdateState) -> Updated:
    """Bring the documents and import those that are new; AdvisoryError when none can be had, the file stays then.

    `state` is what the last update left; it is empty when the file is another one now, so that everything is imported.
    """
    fetched, failed = _fetched(addresses, tools)
    if not fetched:
        raise AdvisoryError(f"no feed could be had: {failed[0][0]}: {failed[0][1]}", _ADVICE)
    unchanged = [one for one in fetched if state.documents.get(one.address.feed) == one.sha256]
    fresh = [one for one in fetched if state.documents.get(one.address.feed) != one.sha256]
    known = {one.address.feed: one.sha256 for one in unchanged}
    if not fresh:
        return Updated(
            unchanged=tuple(one.address.feed for one in unchanged),
            failed=tuple(failed),
            documents={**state.documents, **known},
        )
    imported: list[tuple[str, Imported]] = []
    with tools.build() as builder:
        for one in fresh:
            _import(one, builder, tools, imported, failed)
        if not imported:
            raise AdvisoryError(f"nothing was imported: {failed[0][0]}: {failed[0][1]}", _ADVICE)
    taken = {one.address.feed: one.sha256 for one in fresh if one.address.feed in dict(imported)}
    return Updated(
        imported=tuple(imported),
        unchanged=tuple(one.address.feed for one in unchanged),
        failed=tuple(failed),
        documents={**state.documents, **known, **taken},
    )


_ADVICE = "the present file was not touched; try again later, or name a mirror with `--feeds FILE`"


def _fetched(addresses: Sequence[FeedAddress], tools: Tools) -> tuple[list[Fetched], list[tuple[str, str]]]:
    fetched: list[Fetched] = []
    failed: list[tuple[str, str]] = []
    for address in addresses:
        tools.progress(f"{address.feed}: asking")
        try:
            one = tools.source.fetch(address, tools.progress)
        except FetchError as error:
            failed.append((address.feed, str(error)))
            continue
        fetched.append(one)
        if one.stale:
            failed.append((address.feed, f"an earlier copy is used: {one.stale}"))
    return fetched, failed


def _import(
    one: Fetched,
    builder: AdvisoryBuilder,
    tools: Tools,
    imported: list[tuple[str, Imported]],
    failed: list[tuple[str, str]],
) -> None:
    """Import one document. A damaged one of a snapshot feed is undone and told; any other stops the update.

    Half of a feed whose records stand alone cannot be taken back, and must not pass for the whole.
    """
    name = one.address.feed
    try:
        result = import_advisories(
            tools.open_documents(one.path),
            feeds=tools.feeds,
            builder=builder,
            progress=lambda text: tools.progress(f"{name}: {text}"),
            explain=tools.explain,
        )
    except AdvisoryError as error:
        failed.append((name, str(error)))
        return
    if str(one.path) in result.damaged:
        reason = next((str(problem) for problem in result.problems if problem.document == str(one.path)), "damaged")
        raise AdvisoryError(f"the document of {name} is damaged: {reason}", _ADVICE)
    imported.append((name, result))


def chosen(
    feeds: Mapping[str, Listed], wanted: Iterable[tuple[str, str]], *, everything: bool = False
) -> tuple[FeedAddress, ...]:
    """Return the documents of a list that the wanted (ecosystem, release) need; release empty = all of the list's.

    Feeds for `*` are taken always.
    """
    releases: dict[str, set[str]] = {}
    for ecosystem, release in wanted:
        releases.setdefault(ecosystem, set()).add(release)
    addresses: list[FeedAddress] = []
    for name, feed in feeds.items():
        asked = [releases[one] for one in feed.ecosystems if one in releases]
        if not everything and not asked and "*" not in feed.ecosystems:
            continue
        named = set().union(*asked) if asked and not everything else set()
        addresses.extend(feed.addresses(name, () if "" in named else sorted(named)))
    return tuple(addresses)
