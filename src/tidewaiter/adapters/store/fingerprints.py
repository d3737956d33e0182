"""One number per package key that changes exactly when its vulnerabilities may change (scanning guide 15).

A finding comes from the rows of a package, from what other records say about the same ids, from the list of exploited
CVEs, from the order of feeds, and for Red Hat from the names of repositories. All of these are in the number; EPSS,
which changes daily for every CVE and is no news, is not. Numbers are sums of hashes, so the order of rows is of no
matter, and they depend on content alone: two files that say the same have the same numbers.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping

from tidewaiter.core.vuln.aliases import cve_number

TABLE = "CREATE TABLE IF NOT EXISTS fingerprint(package INTEGER PRIMARY KEY, digest INTEGER NOT NULL)"
META = "fingerprint"
"""Key in `meta`: one text for all numbers together."""

_MASK = (1 << 64) - 1
_SIGN = 1 << 63
_SHARED = """
SELECT name FROM (SELECT vid AS name, id FROM vuln UNION SELECT a, vuln FROM alias) GROUP BY name HAVING COUNT(*) > 1
"""
# The condition is that of the opinions that the reader gives.
_OPINIONS = """
SELECT id, vid, aliases, feed, record, severity, cwes, score, vectors FROM vuln
WHERE kind <> 'withdrawn' AND (score >= 0 OR severity <> '' OR cwes <> '' OR aliases <> '')
"""
_RECORDS = """
SELECT v.id, v.vid, v.aliases, v.feed, coalesce(f.precedence, 0), v.record, v.kind, v.severity, v.score, v.vectors,
    v.title, v.published, v.cwes
FROM vuln v LEFT JOIN feed f ON f.id = v.feed
"""
_ROWS = "SELECT package, vuln, lo, hi, incl, fixed, status, severity, qualifiers FROM affected"


def write_fingerprints(connection: sqlite3.Connection) -> None:
    """Keep the numbers of all packages in the file that is being built."""
    found = compute(connection)
    connection.execute(TABLE)
    connection.execute("DELETE FROM fingerprint")
    connection.executemany("INSERT INTO fingerprint VALUES (?, ?)", sorted(found.items()))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (META, whole(connection, found)))


def compute(connection: sqlite3.Connection) -> dict[int, int]:
    """Return the number of every package that has rows, signed and in 64 bits, by the package's id."""
    records = _records(connection)
    found: dict[int, int] = {}
    for package, vuln, *said in connection.execute(_ROWS):
        found[package] = found.get(package, 0) + _hash((records.get(vuln, 0), *said))
    repositories = _repositories(connection)
    for (package,) in connection.execute("SELECT id FROM package WHERE ecosystem = 'Red Hat'"):
        if package in found:
            found[package] += repositories
    return {package: _signed(number) for package, number in found.items()}


def whole(connection: sqlite3.Connection, found: Mapping[int, int]) -> str:
    """Return one text that stands for all numbers."""
    names = connection.execute("SELECT id, name, ecosystem, release FROM package")
    total = sum(_hash((*key, found[number])) for number, *key in names if number in found)
    return f"{total & _MASK:016x}"


def _records(connection: sqlite3.Connection) -> dict[int, int]:
    """Return a number for each record, with what others say about its ids."""
    exploited = _exploited(connection)
    opinions = _opinions(connection, exploited)
    found: dict[int, int] = {}
    for number, vid, aliases, *said in connection.execute(_RECORDS):
        names = {vid, *aliases.split()}
        around = sum(opinions.get(name, 0) for name in names)
        found[number] = (_hash((vid, aliases, *said)) + around + _known(names, exploited)) & _MASK
    return found


def _opinions(connection: sqlite3.Connection, exploited: Mapping[tuple[int, int], int]) -> dict[str, int]:
    """Return a number for each id that several records carry; what only one record carries is in its own number."""
    shared = {row[0] for row in connection.execute(_SHARED)}
    carried: dict[int, list[str]] = {}
    for number, name in connection.execute("SELECT vuln, a FROM alias"):
        if name in shared:
            carried.setdefault(number, []).append(name)
    found: dict[str, int] = {}
    for number, vid, aliases, *said in connection.execute(_OPINIONS):
        names = {*carried.get(number, ()), *((vid,) if vid in shared else ())}
        if names:
            value = _hash(("opinion", vid, aliases, *said)) + _known({vid, *aliases.split()}, exploited)
            for name in names:
                found[name] = found.get(name, 0) + value
    return found


def _exploited(connection: sqlite3.Connection) -> dict[tuple[int, int], int]:
    rows = connection.execute("SELECT year, number, due, ransomware FROM kev")
    return {(row[0], row[1]): _hash(("kev", *row)) for row in rows}


def _known(names: Iterable[str], exploited: Mapping[tuple[int, int], int]) -> int:
    numbers = (cve_number(name) for name in names)
    return sum(exploited.get(number, 0) for number in numbers if number is not None)


def _repositories(connection: sqlite3.Connection) -> int:
    return sum(_hash(("repository", *row)) for row in connection.execute("SELECT name, cpes FROM repository"))


def _hash(parts: Iterable[object]) -> int:
    text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def _signed(number: int) -> int:
    """Return the lowest 64 bits as SQLite keeps integers."""
    number &= _MASK
    return number - (1 << 64) if number & _SIGN else number
