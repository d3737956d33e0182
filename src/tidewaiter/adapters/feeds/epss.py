"""Exploit prediction scores as CSV (first.org/epss: data and statistics)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Exploitation, Feed
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes

_COLUMNS = b"cve,epss,percentile"
_LONGEST_LINE = 4096
_DATE = re.compile(r"score_date:([0-9T:+Z-]{10,32})")


class Epss:
    """Daily probabilities of exploitation within 30 days."""

    id = "epss"
    tags = frozenset({"exploitation"})
    is_snapshot = True
    feed = Feed(
        id="epss", name="Exploit prediction scoring system", url="https://www.first.org/epss/", licence="EPSS terms"
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the header line, with or without the comment that dates the model."""
        return any(line.strip().lower() == _COLUMNS for line in head[:_LONGEST_LINE].splitlines()[:5])

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Exploitation]:
        """Yield one item per CVE; DocumentError when a line has no end."""
        number = 0
        while line := stream.readline(_LONGEST_LINE):
            number += 1
            if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
                raise DocumentError(f"line {number} is longer than {_LONGEST_LINE} bytes")
            text = line.decode("utf-8", "replace").strip()
            if text.startswith("#"):
                found = _DATE.search(text)
                notes.newest(found[1] if found is not None else "")
                continue
            if not text or text.lower() == _COLUMNS.decode():
                continue
            item = _item(text)
            if item is None:
                notes.problem(f"line {number}", f"not `cve,epss,percentile`: `{text[:60]}`")
            else:
                yield item


def _item(text: str) -> Exploitation | None:
    cve, _, figures = text.partition(",")
    score, _, percentile = figures.partition(",")
    try:
        numbers = float(score), float(percentile)
    except ValueError:
        return None
    if CVE.fullmatch(cve) is None or not all(0.0 <= number <= 1.0 for number in numbers):
        return None
    return Exploitation(cve=cve, epss=numbers[0], epss_percentile=numbers[1])
