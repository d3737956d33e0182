"""Debian's own list of its notices DSA-* and DLA-* (security-tracker: data/DSA/list, data/DLA/list)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.debian import release_of
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.rows import notice

_LONGEST_LINE = 1 << 16
_MOST_LINES = 10_000
_HEAD = re.compile(r"\[(\d{2} [A-Z][a-z]{2} \d{4})\] (D[SLT][AT]?A?-\d+(?:-\d+)?)\s*(.*)")
_FIRST = re.compile(rb"(?m)^\[\d{2} [A-Z][a-z]{2} \d{4}\] D(?:S|L|TS)A-\d+")
_FIX = re.compile(r"\[(\w+)\] - (\S+) (\S+)")
_TAGS = {"<not-affected>": Status.NOT_AFFECTED, "<unfixed>": Status.AFFECTED, "<end-of-life>": Status.END_OF_LIFE}


class DebianAdvisories:
    """Fixes by release; the tracker knows more and is believed before."""

    id = "debian-advisories"
    tags = frozenset({"advisories", "Debian"})
    is_snapshot = False
    feed = Feed(
        id="debian-advisories",
        name="Debian security advisories",
        url="https://salsa.debian.org/security-tracker-team/security-tracker",
        licence="MIT",
        precedence=2,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the first line of a notice at the start of a text."""
        return _FIRST.search(head[:4096]) is not None

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each notice; DocumentError when a line has no end."""
        block: list[str] = []
        number = 0
        while data := stream.readline(_LONGEST_LINE):
            number += 1
            if len(data) == _LONGEST_LINE and not data.endswith(b"\n"):
                raise DocumentError(f"line {number} is longer than {_LONGEST_LINE} bytes")
            line = data.decode("utf-8", "replace").rstrip()
            if line.startswith("[") and block:
                yield from self._notice(block, notes)
                block = []
            if line and len(block) < _MOST_LINES:
                block.append(line)
        if block:
            yield from self._notice(block, notes)

    def _notice(self, block: list[str], notes: Notes) -> Iterator[Record]:
        head = _HEAD.fullmatch(block[0])
        if head is None:
            notes.problem(block[0][:60], "not the first line of a notice")
            return
        date = _date(head[1])
        notes.newest(date)
        cves: list[str] = []
        statements: list[Statement] = []
        for line in (text.strip() for text in block[1:]):
            found = _FIX.match(line)
            if line.startswith("{"):
                cves += [word for word in line.strip("{}").split() if CVE.fullmatch(word)]
            elif found is not None:
                statement = _statement(found[1], found[2], found[3])
                if statement is None:
                    notes.problem(head[2], f"an unknown tag {found[3][:40]!r}")
                else:
                    statements.append(statement)
        if not statements:
            notes.skip("notices without fixed version")
            return
        yield from notice(
            feed=self.id,
            record=head[2],
            cves=cves,
            title=head[3],
            published=date,
            modified=date,
            statements=tuple(statements),
        )


def _statement(codename: str, source: str, word: str) -> Statement | None:
    key = PackageKey(ecosystem="Debian", release=release_of(codename), name=source)
    if not word.startswith("<"):
        return Statement(key=key, interval=Interval(hi=word, fixed=word))
    status = _TAGS.get(word)
    return None if status is None else Statement(key=key, status=status)


def _date(text: str) -> str:
    try:
        return datetime.strptime(text, "%d %b %Y").replace(tzinfo=UTC).strftime("%Y-%m-%dT00:00:00Z")
    except ValueError:
        return ""
