"""Every member of the families of readers, seeded with the good files of its contract cases."""

import io
from collections.abc import Iterator
from pathlib import Path

from fuzz.target import Target
from tidewaiter.adapters.feeds import BUILTIN as FEEDS
from tidewaiter.ports.advisories import DocumentError, FeedReader, Notes
from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.analyzers import BUILTIN as ANALYZERS
from tidewaiter.scan.dispatch import Dispatcher
from tidewaiter.scan.lockfiles import BUILTIN as LOCKFILES
from tidewaiter.scan.lockfiles import read_lockfile

_CASES = Path(__file__).resolve().parent.parent / "contract"
_BREAK = b"~+~"
"""Stands inside addresses of the lock files' cases; see tests/contract/lockfiles/test_lockfiles.py."""
_LARGEST = 200_000
"""A larger seed costs time and finds nothing that a smaller one does not."""


def _analyzers() -> Iterator[Target]:
    for analyzer in ANALYZERS:
        folder = (
            _CASES / analyzer.id / "fires"
            if (_CASES / analyzer.id).is_dir()
            else _CASES / "analyzers" / analyzer.id / "fires"
        )
        dispatcher = Dispatcher((glob, analyzer.id) for glob in analyzer.globs)
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            path = file.relative_to(folder).as_posix()
            parent, _, name = path.rpartition("/")
            if not analyzer.magics and not (dispatcher.find(path, parent, name) and analyzer.wants(path)):
                continue
            seed = file.read_bytes()
            if len(seed) <= _LARGEST:
                yield Target(f"analyzer {analyzer.id} {path}", seed, _parser(analyzer, path))


def _parser(analyzer: Analyzer, path: str):
    return lambda data: analyzer.parse(data, path)


def _lockfiles() -> Iterator[Target]:
    for member in LOCKFILES:
        for file in sorted((_CASES / "lockfiles" / member.id).glob("*/*")):
            if file.is_file() and file.name != "expected.json":
                path = f"app/{file.name}"
                yield Target(
                    f"lockfile {member.id} {file.parent.name}", file.read_bytes().replace(_BREAK, b""), _lock(path)
                )


def _lock(path: str):
    return lambda data: read_lockfile(data, path)


def _feeds() -> Iterator[Target]:
    for feed in FEEDS:
        for file in sorted((_CASES / "feeds" / feed.id).glob("good.*")):
            seed = file.read_bytes()
            if len(seed) <= _LARGEST:
                yield Target(f"feed {feed.id}", seed, _feed(feed))


def _feed(feed: FeedReader):
    def read(data: bytes) -> object:
        try:
            return list(feed.read(io.BytesIO(data), Notes("x")))
        except DocumentError:
            return None

    return read


TARGETS = (*_analyzers(), *_lockfiles(), *_feeds())
