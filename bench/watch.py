"""A new advisory file against a million stored rows (image x package): how long until the news is told.

Run: `./dev bench watch [IMAGES]`. Generates images and advisories (fixed seed), stores the images as scans do, then
makes a pass with changed advisories. Prints what was generated, and wall and CPU of each step.
"""

import gc
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tidewaiter.adapters.store import build_advisories, open_advisories
from tidewaiter.adapters.store.inventories import SqliteInventories
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.vuln import Exploitation, Feed, Interval, PackageKey, Record, Statement, match_packages
from tidewaiter.operations.watch import run
from tidewaiter.operations.watch_report import WatchReport, encode

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
IMAGES, PER_IMAGE, BASES = 1000, 1000, 40
OS_NAMES, LANGUAGE_NAMES = 1200, 5500
KERNEL = 7
"""The package in most images with a thousand advisories, as the kernel's headers have them."""
CHANGED_RECORDS, NEWLY_EXPLOITED = 300, 3
"""Records that a day brings or changes about packages that somebody uses, and additions to the KEV list."""
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


class Reader:
    """A feed of generated records."""

    tags = frozenset({"advisories"})
    is_snapshot = True

    def __init__(self, name: str) -> None:
        """Be known by a name."""
        self.id = name
        self.feed = Feed(id=name, name=name, precedence=1)


class World:
    """Generated packages, images and advisories."""

    def __init__(self, seed: int = 4) -> None:
        """Choose who is popular and who has how many versions."""
        self.random = random.Random(seed)
        self.os_names = [f"library{n}" for n in range(OS_NAMES)]
        self.language_names = [("npm" if n % 2 else "pypi", f"module-{n}") for n in range(LANGUAGE_NAMES)]
        self.bases = [self._base(number) for number in range(BASES)]
        weights = [1 / (place + 10) ** 0.6 for place in range(LANGUAGE_NAMES)]
        self.weights = _running(weights)

    def image(self, number: int) -> Image:
        """Return an image: a base that others share, and language packages of its own, some owned by the base's."""
        base = self.bases[number % BASES]
        chosen = set(self.random.choices(self.language_names, cum_weights=self.weights, k=PER_IMAGE))
        rest = PER_IMAGE - len(base)
        while len(chosen) < rest:
            chosen |= set(self.random.choices(self.language_names, k=rest - len(chosen)))
        own = [self._language(kind, name) for kind, name in sorted(chosen)[:rest]]
        digest = f"sha256:{number:064x}"
        os = OperatingSystem(id="debian", version_id=str(11 + number % 3))
        return Image(
            ref=f"registry.example/team{number % 50}/app{number}:1", digest=digest, os=os, packages=(*base, *own)
        )

    def _base(self, number: int) -> tuple[Package, ...]:
        size = 200 + self.random.randrange(150)
        names = self.os_names[: size // 2] + self.random.sample(self.os_names[size // 2 :], size - size // 2)
        place = Location(file="var/lib/dpkg/status", layer=0)
        found = [
            Package(
                type="deb",
                name=name,
                version=f"1.{self.random.randrange(12)}-1",
                namespace="debian",
                arch="amd64",
                location=place,
            )
            for name in names
        ]
        owned = [
            Package(type="pypi", name=f"module-{2 * n}", version="1.5", owner=names[n], location=place)
            for n in range(20)
        ]
        del number
        return (*found, *owned)

    def _language(self, kind: str, name: str) -> Package:
        version = f"{self.random.randrange(3)}.{self.random.randrange(2)}"
        return Package(type=kind, name=name, version=version, location=Location(file=f"app/{name}", layer=1))

    def records(self) -> Iterator[Record]:
        """Yield the advisories of the first day; one package in ten has a thousand of them, as the kernel has."""
        number = 0
        for place, name in enumerate(self.os_names):
            count = 1000 if place == KERNEL else self.random.choice((0, 0, 1, 3, 8))
            for _ in range(count):
                number += 1
                yield self._record(number, [("Debian", release, name) for release in ("11", "12", "13")])
        for kind, name in self.language_names:
            for _ in range(self.random.choice((0, 0, 0, 1, 4))):
                number += 1
                yield self._record(number, [("PyPI" if kind == "pypi" else "npm", "", name)])

    def changed(self, records: Iterable[Record], first: int, *, kernel: bool) -> list[Record]:
        """Return the advisories of the next day: some are new, some changed; some about the kernel when that is asked."""
        after = list(records)
        name = self.os_names[KERNEL]
        places = [n for n, one in enumerate(after) if kernel or one.statements[0].key.name != name]
        for place in self.random.sample(places, CHANGED_RECORDS // 2):
            old = after[place]
            keys = [(s.key.ecosystem, s.key.release, s.key.name) for s in old.statements]
            after[place] = self._record(int(old.id[-6:]), keys)
        keys = [("Debian", release, name) for release in ("11", "12", "13")]
        return after + [
            self._record(first + n, keys if kernel and not n else self._anybody()) for n in range(CHANGED_RECORDS // 2)
        ]

    def _anybody(self) -> list[tuple[str, str, str]]:
        if self.random.random() < 0.3:
            name = self.random.choice(self.os_names[KERNEL + 1 :])
            return [("Debian", release, name) for release in ("11", "12", "13")]
        kind, name = self.random.choice(self.language_names)
        return [("PyPI" if kind == "pypi" else "npm", "", name)]

    def _record(self, number: int, keys: list[tuple[str, str, str]]) -> Record:
        fixed = self.random.choice((None, "1.3", "1.9", "2.0"))
        statements = tuple(
            Statement(
                key=PackageKey(ecosystem=ecosystem, release=release, name=name),
                interval=Interval(hi=fixed and fixed + ("-1" if release else ""), fixed=fixed),
            )
            for ecosystem, release, name in keys
        )
        identity = f"CVE-2026-{number:06}"
        return Record(
            feed="osv",
            record=identity,
            id=identity,
            vectors=(VECTOR,),
            cwes=("CWE-79",),
            title="x" * 60,
            statements=statements,
        )


def _running(weights: list[float]) -> list[float]:
    total, found = 0.0, []
    for weight in weights:
        total += weight
        found.append(total)
    return found


def advisories(path: Path, records: Iterable[Record], exploited: Iterable[str], now: datetime) -> None:
    """Make an advisory file."""
    with build_advisories(path, now=now) as builder:
        builder.begin(Reader("osv"))
        for record in records:
            builder.add(record)
        builder.end("2026-11-25T00:00:00Z")
        builder.begin(Reader("kev"))
        for cve in exploited:
            builder.add(Exploitation(cve=cve, kev=True))
        builder.end("2026-11-25T00:00:00Z")


def timed(what: str, work: Callable[[], object]) -> object:
    """Do something and print what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    print(f"{what:58}{time.perf_counter() - wall:8.3f} s wall{time.process_time() - cpu:8.3f} s cpu")
    return result


def populate(store: SqliteInventories, world: World, database: Path, count: int) -> list[Image]:
    """Store images as scans do, and print what storing one costs."""
    images, times = [], []
    with open_advisories(database) as data:
        for number in range(count):
            image = world.image(number)
            found = match_packages(image.packages, os=image.os, advisories=data, now=NOW).vulnerabilities
            start = time.perf_counter()
            store.saw(image, found, advisories=data, now="2026-11-24T12:00:00Z")
            times.append((time.perf_counter() - start) * 1000)
            if number % 100 == 0:
                images.append(image)
    print(f"storing an image: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms")
    return images


def one_pass(path: Path, database: Path, now: datetime, *, rules: str = "1") -> WatchReport:
    """Do what `tidewaiter watch run --format json` does after it has started."""
    with open_advisories(database) as data:
        report = run(SqliteInventories(path, rules=rules), data, now=now, version="bench")
    encode(report)
    return report


def main() -> None:
    """Generate, store, change, tell."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    gc.set_threshold(50_000, 20, 100)  # as the command line does
    with tempfile.TemporaryDirectory() as folder:
        path, before = Path(folder, "inventories.sqlite"), Path(folder, "before.sqlite")
        world = World()
        records = list(world.records())
        timed(f"advisory file of {len(records)} records", lambda: advisories(before, records, ["CVE-2026-000001"], NOW))
        store = SqliteInventories(path, rules="1")
        kept = populate(store, world, before, count)
        print(_contents(path))
        with open_advisories(before) as data:
            one = kept[0]
            timed(
                "storing a known image again", lambda: store.saw(one, (), advisories=data, now="2026-11-25T12:00:00Z")
            )
        timed("pass with the same advisories", lambda: one_pass(path, before, NOW))
        exploited = ["CVE-2026-000001"]
        for day, kernel in ((1, False), (2, True)):
            _day(path, world, records, exploited, day, kernel=kernel)
        after, later = path.with_name("day-2.sqlite"), NOW + timedelta(days=2)
        timed("pass in which everything is matched again", lambda: one_pass(path, after, later, rules="2"))
        timed("listing all images", store.all)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _day(path: Path, world: World, records: list[Record], exploited: list[str], day: int, *, kernel: bool) -> None:
    """Change records and the list of exploited ones, and make a pass."""
    database, now = path.with_name(f"day-{day}.sqlite"), NOW + timedelta(days=day)
    records[:] = world.changed(records, 900_000 + day * 1000, kernel=kernel)
    name = world.os_names[KERNEL]
    others = [one.id for one in records if one.statements[0].key.name != name]
    exploited += world.random.sample(others, NEWLY_EXPLOITED)
    timed(f"advisory file of day {day}", lambda: advisories(database, records, exploited, now))
    words = "and the kernel too" if kernel else "without the kernel"
    report = timed(f"pass with the advisories of day {day}, {words}", lambda: one_pass(path, database, now))
    print(_news(report))


def _contents(path: Path) -> str:
    import sqlite3  # noqa: PLC0415 - only to count

    connection = sqlite3.connect(path)
    rows, packages, keys, findings = (
        connection.execute(query).fetchone()[0]
        for query in (
            "SELECT COUNT(*) FROM installed",
            "SELECT COUNT(*) FROM package",
            "SELECT COUNT(*) FROM key",
            "SELECT SUM(r.counted) FROM installed i JOIN result r ON r.id = i.result",
        )
    )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    size = path.stat().st_size / 1e6
    return f"{rows} rows, {packages} different packages, {keys} keys, {findings} findings, file of {size:.0f} MB"


def _news(report: object) -> str:
    assert isinstance(report, WatchReport)
    kinds = {kind: sum(one.kind == kind for one in report.news) for kind in dict.fromkeys(o.kind for o in report.news)}
    pairs = sum(len(one.images) for one in report.news)
    told = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
    return f"  {report.changed_keys} keys changed, {report.matched} rows matched again; {told}; {pairs} lines of images"


if __name__ == "__main__":
    main()
