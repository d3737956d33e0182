"""Builds the advisory file from all shared data that applies, then matches a thousand packages and more from it.

Run: `python bench/match.py [SHARED]`. Prints build time, file size, peak memory, and the median and worst of repeated
matches, each with a freshly opened file so that nothing is kept from the one before.
"""

import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tidewaiter.adapters.documents import open_documents
from tidewaiter.adapters.feeds import registry
from tidewaiter.adapters.store import build_advisories, open_advisories
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.vuln import match_packages
from tidewaiter.operations.advisories import import_advisories

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
BOOKWORM = OperatingSystem(id="debian", version_id="12")
TYPES = {"Debian": "deb", "PyPI": "pypi", "npm": "npm"}


def build(database: Path, shared: Path) -> None:
    """Import everything and print what it cost."""
    start, cpu = time.perf_counter(), time.process_time()
    with build_advisories(database, now=NOW) as builder:
        paths = (shared / "advisories", shared / "feeds")
        documents = (document for path in paths for document in open_documents(path))
        result = import_advisories(documents, feeds=registry(), builder=builder)
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = database.stat().st_size / 1e6
    print(f"build: {result.items} items of {result.documents} documents, {wall:.2f} s wall, {used:.2f} s cpu")
    print(f"       {size:.1f} MB file, {peak:.0f} MB peak, {result.broken_records} broken records")


def packages_of(database: Path, count: int, *, outdated: int) -> list[Package]:
    """Return packages that advisories speak of, with the highest bound as version; every `outdated`-th the lowest."""
    query = """
        SELECT p.ecosystem, p.name, min(a.hi), max(a.hi) FROM package p JOIN affected a ON a.package = p.id
        WHERE p.release IN ('', '12') AND a.hi <> '' GROUP BY p.id ORDER BY p.ecosystem, p.name
    """
    with sqlite3.connect(database) as connection:
        rows = connection.execute(query).fetchall()
    connection.close()
    return [
        Package(type=TYPES[ecosystem], name=name, version=low if place % outdated == 0 else high)
        for place, (ecosystem, name, low, high) in enumerate(rows)
    ][:count]


def main() -> None:
    """Build, then match."""
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "advisories.sqlite")
        build(database, shared)
        for count, outdated in ((1000, 10), (1000, 1), (10_000, 10)):
            packages = packages_of(database, count, outdated=outdated)
            times, found = [], 0
            for _ in range(25):
                start = time.process_time()
                with open_advisories(database) as advisories:
                    found = len(match_packages(packages, os=BOOKWORM, advisories=advisories, now=NOW).vulnerabilities)
                times.append((time.process_time() - start) * 1000)
            figures = f"median {statistics.median(times):.1f} ms cpu, best {min(times):.1f}, worst {max(times):.1f}"
            print(f"match: {len(packages)} packages, one in {outdated} outdated, {found} vulnerabilities: {figures}")


if __name__ == "__main__":
    main()
