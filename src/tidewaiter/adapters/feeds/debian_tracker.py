"""Debian's security tracker as one JSON object: source package, id, releases (security-tracker.debian.org: data/json)."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Record, Statement
from tidewaiter.core.vuln.debian import ROLLING, release_of, severity_of, status_of
from tidewaiter.core.vuln.versions import Keys, registry
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError, keys_at, members

_CHUNK = 1 << 20
_LARGEST_SOURCE = 256 << 20
_TITLE = 160
_NEVER = "0"
_IDS = ("CVE-", "TEMP-")


class _Release(msgspec.Struct):
    status: str
    urgency: str = ""
    fixed_version: str | None = None
    nodsa: str | None = None
    nodsa_reason: str | None = None
    repositories: dict[str, str] = {}


class DebianTracker:
    """The distribution's own word on every source package; the believed one where several speak of Debian."""

    id = "debian-tracker"
    tags = frozenset({"advisories", "Debian"})
    is_snapshot = True
    feed = Feed(
        id="debian-tracker",
        name="Debian security tracker",
        url="https://security-tracker.debian.org/tracker/data/json",
        licence="MIT",
        precedence=0,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise ids at the second depth and releases at the third, whatever the source packages are called."""
        ids = keys_at(head, 2)
        return any(name.startswith(_IDS) for name in ids) and "releases" in keys_at(head, 3)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per source package and id, one source package in memory; DocumentError when cut off."""
        keys = Keys(registry()["dpkg"])
        chunks = iter(lambda: stream.read(_CHUNK), b"")
        try:
            for name, raw in members(chunks, limit=_LARGEST_SOURCE):
                yield from self._source(name, raw, keys, notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error

    def _source(self, name: bytes, raw: bytes, keys: Keys, notes: Notes) -> Iterator[Record]:
        try:
            source = msgspec.json.decode(name, type=str) if name else ""
            entries = msgspec.json.decode(raw, type=dict[str, dict[str, Any]])
        except UNREADABLE as error:
            notes.problem(name.decode("utf-8", "replace")[:100].strip('"'), str(error))
            return
        if not source:
            notes.problem("", "a source package without name")
            return
        for identity, entry in entries.items():
            statements = tuple(_statements(source, identity, entry.get("releases"), keys, notes))
            title = entry.get("description")
            yield Record(
                feed=self.id,
                record=identity,
                id=identity,
                title=_short(title) if isinstance(title, str) else "",
                statements=statements,
            )


def _statements(source: str, identity: str, releases: object, keys: Keys, notes: Notes) -> Iterator[Statement]:
    """Yield one statement per release; an empty list instead of an object occurs and says nothing."""
    if not isinstance(releases, dict):
        if releases:
            notes.problem(f"{source} {identity}", "`releases` is not an object")
        return
    decoded: dict[str, _Release] = {}
    for codename, value in releases.items():
        try:
            decoded[codename] = msgspec.convert(value, _Release)
        except msgspec.ValidationError as error:
            notes.problem(f"{source} {identity} {codename}", str(error))
    rolling = decoded.get(ROLLING)
    for codename, release in decoded.items():
        key = PackageKey(ecosystem="Debian", release=release_of(codename), name=source)
        yield _statement(key, release, rolling, keys)


def _statement(key: PackageKey, release: _Release, rolling: _Release | None, keys: Keys) -> Statement:
    severity = severity_of(release.urgency)
    fixed = release.fixed_version
    if release.status == "resolved" and fixed:
        if fixed == _NEVER:
            return Statement(key=key, status=Status.NOT_AFFECTED, severity=severity)
        # "resolved" speaks of the archive: the installed version is compared all the same.
        return Statement(key=key, interval=Interval(hi=fixed, fixed=fixed), severity=severity)
    if release.status in {"open", "removed"}:
        # Removed from the archive is not gone from the image: the defect stays, nobody will mend it there.
        overruled = _fix_of_rolling(release, rolling, keys)
        if overruled is not None:
            return Statement(key=key, interval=Interval(hi=overruled, fixed=overruled), severity=severity)
        return Statement(key=key, status=status_of(release.urgency, release.nodsa_reason), severity=severity)
    return Statement(key=key, status=Status.UNKNOWN, severity=severity)  # undetermined, or a word we do not know


def _fix_of_rolling(release: _Release, rolling: _Release | None, keys: Keys) -> str | None:
    """Return sid's fix when a no-dsa note went stale: the archive of this release already carries that fix."""
    if release.nodsa is None and release.nodsa_reason is None:
        return None
    fixed = rolling.fixed_version if rolling is not None and rolling.status == "resolved" else None
    if not fixed or fixed == _NEVER:
        return None
    if any(keys[version] >= keys[fixed] for version in release.repositories.values()):
        return fixed
    return None


def _short(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= _TITLE else first[: _TITLE - 1].rstrip() + "…"
