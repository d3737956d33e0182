"""From lines of the file to rows, thousands per match: parts that return are made once, and missing keys cost no call."""

from collections.abc import Iterable
from typing import Any

import msgspec

from tidewaiter.adapters.store.schema import REJECTED
from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import ANY, Interval, Qualifiers, Row
from tidewaiter.core.vuln.cvss import Score, version_of

QUERY = """
WITH wanted(place, name, ecosystem, release) AS (VALUES {values})
SELECT w.place, a.lo, a.hi, a.incl, a.fixed, v.score, v.vectors, v.feed, v.record, v.vid, v.aliases, v.kind,
    a.status, a.severity, v.severity, v.title, v.published, a.qualifiers, v.cwes, v.document
FROM wanted w CROSS JOIN package p CROSS JOIN affected a CROSS JOIN vuln v
WHERE p.name = w.name AND p.ecosystem = w.ecosystem AND p.release = w.release AND a.package = p.id AND v.id = a.vuln
"""
"""Asked with (place, name, ecosystem, release) of each package; the place comes back in front of every line.

What is reported under a CVE that the CVE programme has rejected carries `REJECTED` and is left out by `RowMaker`, not by
the query: a condition on the record makes SQLite read the whole table first, to build a Bloom filter."""

ABOUT = """
WITH named(id) AS (VALUES {values})
SELECT a.package, a.lo, a.hi, a.incl, a.fixed, v.score, v.vectors, v.feed, v.record, v.vid, v.aliases, v.kind,
    a.status, a.severity, v.severity, v.title, v.published, a.qualifiers, v.cwes, v.document
FROM affected a CROSS JOIN vuln v WHERE a.vuln IN (SELECT id FROM named) AND v.id = a.vuln
"""
"""Asked with numbers of records; the number of the package comes back in front of every line. Reads the whole table."""

_ABOVE, _INCLUSIVE = 2, 1


class _Intervals(dict[tuple[str, str, int, str], Interval]):
    def __missing__(self, ends: tuple[str, str, int, str]) -> Interval:
        lo, hi, bits, fixed = ends
        interval = self[ends] = Interval(
            lo=lo,
            above=bool(bits & _ABOVE),
            hi=hi or None,
            inclusive=bool(bits & _INCLUSIVE),
            fixed=fixed or None,
        )
        return interval


class _Qualifiers(dict[str, Qualifiers]):
    def __missing__(self, text: str) -> Qualifiers:
        asked = self[text] = msgspec.json.decode(text, type=Qualifiers)
        return asked


class Scores(dict[tuple[int, str], Score | None]):
    """The best vector of a record with its score, by tenths and vectors as the file keeps them."""

    def __missing__(self, scored: tuple[int, str]) -> Score | None:
        tenths, vectors = scored
        score = None
        if tenths >= 0:
            vector = vectors.partition(" ")[0]
            score = Score(version=version_of(vector), score=tenths / 10, vector=vector)
        self[scored] = score
        return score


class _Words(dict[str, tuple[str, ...]]):
    def __missing__(self, text: str) -> tuple[str, ...]:
        words = self[text] = tuple(text.split())
        return words


class _Statuses(dict[str, Status]):
    def __missing__(self, word: str) -> Status:
        return Status.UNKNOWN


class RowMaker:
    """Makes the rows of one opened file."""

    def __init__(self, scores: Scores) -> None:
        """Share the scores with whoever else reads records."""
        self._intervals = _Intervals()
        self._qualifiers = _Qualifiers({"": ANY})
        self._scores = scores
        self._words = _Words()
        self._statuses = _Statuses({status.value: status for status in Status})

    def rows(self, lines: Iterable[tuple[Any, ...]]) -> dict[int, list[Row]]:
        """Return the rows of each place; msgspec.MsgspecError when qualifiers are damaged."""
        found: dict[int, list[Row]] = {}
        intervals, scores, words = self._intervals, self._scores, self._words
        statuses, qualifiers = self._statuses, self._qualifiers
        for (
            place, lo, hi, bits, fixed, tenths, vectors, feed, record, identity, aliases, kind,
            status, vendor, database, title, published, asked, cwes, document,
        ) in lines:  # fmt: skip
            if document == REJECTED:
                continue
            row = Row(
                feed=feed,
                record=record,
                id=identity,
                aliases=words[aliases],
                kind=kind,
                interval=intervals[lo, hi, bits, fixed],
                status=statuses[status],
                qualifiers=qualifiers[asked],
                cwes=words[cwes],
                vendor_severity=vendor,
                database_severity=database,
                cvss=scores[tenths, vectors],
                title=title,
                published=published,
            )
            rows = found.get(place)
            if rows is None:
                found[place] = [row]
            else:
                rows.append(row)
        return found
