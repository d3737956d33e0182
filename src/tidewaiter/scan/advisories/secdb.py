"""The format in which apk distributions list their fixes; no feed by itself (secdb.alpinelinux.org: README)."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import BinaryIO, Protocol

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Interval, PackageKey, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError, decode_lines, keys_at, members

_CHUNK = 1 << 20
_LARGEST = 256 << 20
_HEAD = 64 << 10
_NEVER = "0"
_WORDS = re.compile(r"[^\s,;()\[\]]+")
_ID = re.compile(r"[A-Z]{2,}[A-Za-z0-9-]*[0-9][A-Za-z0-9-]*|GHSA(?:-[a-z0-9]{4}){3}", re.ASCII)
_LONGEST_ID = 100


class _Package(msgspec.Struct):
    name: str
    secfixes: dict[str, list[str] | None] | list[msgspec.Raw] | None = None


class _Entry(msgspec.Struct):
    pkg: _Package


class _Line(msgspec.Struct):
    distroversion: str
    pkg: str
    secfixes: dict[str, list[str] | None]


def is_secdb(head: bytes) -> bool:
    """Recognise a database by the names at its top and within its packages."""
    return {"packages", "reponame"} <= {*keys_at(head, 1)} and b'"secfixes"' in head


def is_lines(head: bytes) -> bool:
    """Recognise one package in one line, a form in which excerpts are kept."""
    return {"distroversion", "pkg", "secfixes"} <= {*keys_at(head.split(b"\n", 1)[0], 1)}


class Notices(Protocol):
    """Who is told of what is broken, and of what is of no use."""

    def problem(self, place: str, reason: str) -> None:
        """Note a broken part."""
        ...

    def skip(self, reason: str) -> None:
        """Count a part that is of no use."""
        ...


class SecdbReader:
    """Reads one document of one distribution."""

    def __init__(self, *, feed: str, ecosystem: str, notes: Notices, refuse: Callable[[str], Exception]) -> None:
        """Name the feed and the ecosystem that its rows belong to; `refuse` makes the error of a damaged document."""
        self._feed = feed
        self._ecosystem = ecosystem
        self._notes = notes
        self._refuse = refuse

    def database(self, stream: BinaryIO) -> Iterator[Record]:
        """Yield the records of a database; refused when it is cut off or tells no branch where it must."""
        first = stream.read(_HEAD)
        release = _release(first) if self._ecosystem == "Alpine" else ""
        if release is None:
            raise self._refuse("it does not say which branch it is about")
        chunks = chain((first,), iter(lambda: stream.read(_CHUNK), b""))
        try:
            for name, raw in members(chunks, limit=_LARGEST):
                if name == b'"packages"':
                    yield from self._packages(raw, release)
        except JsonStreamError as error:
            raise self._refuse(str(error)) from error

    def lines(self, stream: BinaryIO) -> Iterator[Record]:
        """Yield the records of a document with one package a line; refused when a line has no end."""
        decoder = msgspec.json.Decoder(_Line)
        for _, line in decode_lines(stream, decoder, problem=self._notes.problem, refuse=self._refuse):
            yield from self.package(line.pkg, line.secfixes, line.distroversion.removeprefix("v"))

    def _packages(self, raw: bytes, release: str) -> Iterator[Record]:
        decoder = msgspec.json.Decoder(_Entry)
        for place, (_, part) in enumerate(members((raw.strip(),), limit=_LARGEST)):
            try:
                package = decoder.decode(part).pkg
            except UNREADABLE as error:
                self._notes.problem(f"package {place}", str(error))
                continue
            fixes = package.secfixes
            if isinstance(fixes, dict):
                yield from self.package(package.name, fixes, release)
            elif fixes:
                self._notes.problem(package.name[:100], "`secfixes` is a list")

    def package(self, name: str, fixes: Mapping[str, list[str] | None], release: str) -> Iterator[Record]:
        """Yield the records of one package of a branch."""
        if not name:
            self._notes.problem("", "a package without name")
            return
        key = PackageKey(ecosystem=self._ecosystem, release=release, name=name)
        for version, texts in fixes.items():
            if version == _NEVER:
                statement = Statement(key=key, status=Status.NOT_AFFECTED)
            else:
                statement = Statement(key=key, interval=Interval(hi=version, fixed=version))
            for text in texts or ():
                for identity, aliases in self._ids(text):
                    record = f"{name}/{identity}"
                    yield Record(feed=self._feed, record=record, id=identity, aliases=aliases, statements=(statement,))

    def _ids(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield (id, aliases) of a text that may hold several ids and remarks: `CVE-2020-29568 XSA-349`."""
        words = [word for word in _WORDS.findall(text) if len(word) <= _LONGEST_ID and _ID.fullmatch(word)]
        cves = [word for word in words if CVE.fullmatch(word)]
        others = tuple(dict.fromkeys(word for word in words if not word.startswith("CVE-")))
        if len(cves) == 1:
            yield cves[0], others
        elif cves:
            yield from ((cve, ()) for cve in dict.fromkeys(cves))
        elif others:
            yield others[0], others[1:]
        else:
            self._notes.skip("an id that is no number of a defect")


def _release(head: bytes) -> str | None:
    found = re.search(rb'"distroversion"\s*:\s*"v?([^"\\]{1,40})"', head)
    return found[1].decode("utf-8", "replace").lower() if found is not None else None
