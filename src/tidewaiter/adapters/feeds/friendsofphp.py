"""PHP: one YAML file per advisory, or lines of JSON made from them (FriendsOfPHP/security-advisories)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Record, Statement
from tidewaiter.core.vuln.ecosystems import normalised
from tidewaiter.core.vuln.ranges import RangeError
from tidewaiter.core.vuln.ranges.algebra import united
from tidewaiter.core.vuln.ranges.composer import Composer
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import curated, day, short
from tidewaiter.scan.json_stream import JsonStreamError, keys_at

_YAML = re.compile(rb"(?m)^reference:\s*['\"]?composer://")
_COMPOSER = Composer()
_SCHEME = "composer://"


class _Branch(msgspec.Struct):
    versions: list[str] = []
    time: str | int | None = None


class _Advisory(msgspec.Struct):
    reference: str
    branches: dict[str, _Branch]
    title: str | None = None
    link: str | None = None
    cve: str | None = None
    path: str = msgspec.field(name="_path", default="")


class Friendsofphp:
    """Packages of Composer; within a branch all comparisons hold, and any branch is enough."""

    id = "friendsofphp"
    tags = frozenset({"advisories", "Packagist"})
    is_snapshot = False
    feed = Feed(
        id="friendsofphp",
        name="PHP security advisories database",
        url="https://github.com/FriendsOfPHP/security-advisories",
        licence="Unlicense",
        precedence=2,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise an advisory by its branches and its reference."""
        is_json = {"branches", "reference"} <= {*keys_at(head, 1)}
        return is_json or (_YAML.search(head) is not None and re.search(rb"(?m)^branches:", head) is not None)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per advisory; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(_Advisory)
        try:
            for place, advisory in curated(stream, decoder, problem=notes.problem):
                name = advisory.reference.removeprefix(_SCHEME)
                if "/" not in name or not advisory.reference.startswith(_SCHEME):
                    notes.problem(place or name[:80], "no package of Composer")
                    continue
                try:
                    record = _record(advisory, name)
                except RangeError as error:
                    notes.problem(place or name[:80], str(error))
                    continue
                notes.newest(record.modified)
                yield record
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _record(advisory: _Advisory, name: str) -> Record:
    key = PackageKey(ecosystem="Packagist", name=normalised("Packagist", name))
    identity = advisory.cve or f"friendsofphp/{_own_name(advisory, name)}"
    published = min(filter(None, (day(str(branch.time)) for branch in advisory.branches.values())), default="")
    return Record(
        feed=Friendsofphp.id,
        record=f"{name}/{identity}",
        id=identity,
        title=short(advisory.title),
        published=published,
        modified=published,
        statements=tuple(Statement(key=key, interval=interval) for interval in _intervals(advisory)),
    )


def _intervals(advisory: _Advisory) -> tuple[Interval, ...]:
    """Return the vulnerable versions; the end of a branch closes it only where the next branch is not affected too."""
    keys = Keys(_COMPOSER.scheme)
    found = [
        one
        for branch in advisory.branches.values()
        if branch.versions
        for one in _COMPOSER.intervals(",".join(branch.versions))
    ]
    return tuple(
        msgspec.structs.replace(one, fixed=one.hi if not one.inclusive else None) for one in united(found, keys)
    )


def _own_name(advisory: _Advisory, name: str) -> str:
    """Return what names an advisory without CVE: its file, else its package and where it was told."""
    return advisory.path.removesuffix(".yaml") or f"{name}/{short(advisory.link or advisory.title)}".replace(" ", "-")
