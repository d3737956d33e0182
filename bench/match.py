"""Builds the advisory file from all shared data that applies, then matches a thousand packages and more from it.

Run: `python bench/match.py [SHARED]`. Prints build time, file size, peak memory, and the median and worst of repeated
matches, each with a freshly opened file so that nothing is kept from the one before.
"""

import gc
import json
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
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS
from tidewaiter.operations.advisories import import_advisories

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
BOOKWORM = OperatingSystem(id="debian", version_id="12")
ALMA = OperatingSystem(id="almalinux", version_id="8.10")
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
    """Return packages that advisories speak of, at their highest fix; every `outdated`-th at its lowest."""
    query = """
        SELECT p.ecosystem, p.name, a.hi FROM package p JOIN affected a ON a.package = p.id
        WHERE p.release IN ('', '12') AND p.ecosystem IN ('Debian', 'PyPI', 'npm') AND a.hi <> ''
        ORDER BY p.name, p.ecosystem
    """
    with sqlite3.connect(database) as connection:
        rows = connection.execute(query).fetchall()
    connection.close()
    bounds: dict[tuple[str, str], list[str]] = {}
    for ecosystem, name, bound in rows:
        bounds.setdefault((ecosystem, name), []).append(bound)
    packages = []
    for place, ((ecosystem, name), several) in enumerate(bounds.items()):
        ordered = sorted(several, key=ECOSYSTEMS[ecosystem].scheme.key)
        version = ordered[0] if place % outdated == 0 else ordered[-1]
        packages.append(Package(type=TYPES[ecosystem], name=name, version=version))
    return packages[:count]


def rpms_of(database: Path, count: int) -> list[Package]:
    """Return packages of AlmaLinux 8 at the lowest fix that their rows name, of the streams that the rows name."""
    query = """
        SELECT p.name, min(a.hi), max(a.qualifiers) FROM package p JOIN affected a ON a.package = p.id
        WHERE p.ecosystem = 'AlmaLinux' AND p.release = '8' AND p.name NOT LIKE '%.src' AND a.hi <> ''
        GROUP BY p.name ORDER BY p.name
    """
    with sqlite3.connect(database) as connection:
        rows = connection.execute(query).fetchall()
    connection.close()
    return [
        Package(
            type="rpm", name=name, version=version, arch="x86_64", module=json.loads(asked or "{}").get("module", "")
        )
        for name, version, asked in rows[:count]
    ]


def measure(database: Path, packages: list[Package], system: OperatingSystem) -> str:
    """Match again and again from a freshly opened file and return the figures."""
    gc.set_threshold(50_000, 20, 100)  # as the command does
    times, found = [], 0
    for _ in range(25):
        start = time.process_time()
        with open_advisories(database) as advisories:
            found = len(match_packages(packages, os=system, advisories=advisories, now=NOW).vulnerabilities)
        times.append((time.process_time() - start) * 1000)
    return (
        f"{found} vulnerabilities: median {statistics.median(times):.1f} ms cpu, best {min(times):.1f},"
        f" worst {max(times):.1f}"
    )


def main() -> None:
    """Build, then match."""
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    if not (shared / "advisories").is_dir():
        print(f"skipped: there is no {shared / 'advisories'}; name the folder of shared data as the argument")
        return
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "advisories.sqlite")
        build(database, shared)
        for spoken, silent, outdated in ((300, 700, 10), (1000, 0, 10), (1000, 0, 1), (10_000, 0, 10)):
            packages = packages_of(database, spoken, outdated=outdated)
            packages += [Package(type="pypi", name=f"nobody-speaks-of-{n}", version="1.0") for n in range(silent)]
            print(
                f"match: {len(packages)} packages, {silent} without advisories, one in {outdated} of the others outdated,"
            )
            print(f"       {measure(database, packages, BOOKWORM)}")
        rpms = rpms_of(database, 1000)
        print(f"match: {len(rpms)} rpms with modules and architectures, {measure(database, rpms, ALMA)}")


if __name__ == "__main__":
    main()
