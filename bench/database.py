"""Builds a database from every shared document, as `tidewaiter db build` does, and compares, verifies and ships it.

Run: `python bench/database.py [SHARED]`. Prints wall and CPU time, peak memory, sizes, the slowest feeds, and what a
generated OVAL document of the size that SUSE publishes costs. CPU time is the figure to compare on a shared machine.
"""

import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from tidewaiter import wiring
from tidewaiter.adapters.documents import OpenDocument, open_documents
from tidewaiter.adapters.feeds import BUILTIN
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.oval import read_oval

NOW = datetime(2026, 11, 25, tzinfo=UTC)
DEFINITIONS = 20_000
CRITERIA = 40


@contextmanager
def measured(what: str) -> Iterator[Callable[[str], None]]:
    """Print wall and CPU seconds of a block, and what the block adds."""
    more: list[str] = []
    start, cpu = time.perf_counter(), time.process_time()
    yield more.append
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    print(f"{what:<28} {wall:6.2f} s wall {used:6.2f} s CPU  {'; '.join(more)}", flush=True)


def peak() -> float:
    """Return the most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reading(shared: Path) -> None:
    """Print what reading alone costs, by feed."""
    spent: dict[str, tuple[float, int]] = {}
    for name in ("feeds", "advisories"):
        for document in open_documents(shared / name):
            if not isinstance(document, OpenDocument):
                continue
            start = time.process_time()
            head = document.head()
            feed = next((one for one in BUILTIN if one.accepts(head)), None)
            if feed is None:
                continue
            try:
                count = sum(1 for _ in feed.read(document.stream(), Notes(document.name)))
            except DocumentError:
                count = 0
            seconds, items = spent.get(feed.id, (0.0, 0))
            spent[feed.id] = (seconds + time.process_time() - start, items + count)
    for name, (seconds, items) in sorted(spent.items(), key=lambda one: -one[1][0])[:8]:
        print(f"  {name:<26} {seconds:6.2f} s CPU  {items} items")


def oval() -> bytes:
    """Return a document with as many definitions and criteria as SUSE's for one major release."""
    products = "".join(f'<criterion test_ref="t:{number}" comment="c"/>' for number in range(30))
    definitions = "".join(
        f'<definition id="oval:org.opensuse.security:def:{one}" class="vulnerability"><metadata><title>CVE-2020-{one:05}</title>'
        f'<description>{"text " * 60}</description></metadata><criteria operator="AND"><criteria operator="OR">{products}'
        '</criteria><criteria operator="OR">'
        + "".join(f'<criterion test_ref="t:{(one * 7 + two) % 50_000}" comment="c"/>' for two in range(CRITERIA))
        + "</criteria></criteria></definition>"
        for one in range(DEFINITIONS)
    )
    tests = "".join(
        f'<rpminfo_test id="t:{one}" comment="x"><object object_ref="o:{one % 9000}"/><state state_ref="s:{one % 20000}"/></rpminfo_test>'
        for one in range(50_000)
    )
    objects = "".join(f'<rpminfo_object id="o:{one}"><name>p{one}</name></rpminfo_object>' for one in range(9000))
    states = "".join(
        f'<rpminfo_state id="s:{one}"><evr operation="less than">0:{one}-1</evr></rpminfo_state>'
        for one in range(20_000)
    )
    return (
        f"<oval_definitions><definitions>{definitions}</definitions><tests>{tests}</tests>"
        f"<objects>{objects}</objects><states>{states}</states></oval_definitions>"
    ).encode()


def main(shared: Path) -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "one.sqlite", Path(folder) / "two.sqlite"
        paths = [str(shared / "feeds"), str(shared / "advisories")]
        with measured("build of everything shared") as more:
            result = wiring.run_build(paths, output=one, built=NOW, progress=lambda _: None)
            size = one.stat().st_size / 1e6
            more(f"{result.items} records of {result.documents} documents, {size:.1f} MB, peak {peak():.0f} MB")
        print("reading alone:")
        reading(shared)
        wiring.run_build([str(shared / "advisories")], output=two, built=NOW, progress=lambda _: None)
        with measured("compressed with zstd 10") as more:
            more(f"{len(zstandard.compress(one.read_bytes(), 10)) / 1e6:.1f} MB")
        with measured("verify"):
            wiring.run_verify(one, keys=())
        with measured("diff of two") as more:
            more(f"{len(wiring.run_difference(two, one).changes)} changes")
        data = oval()
        before = peak()
        with measured("OVAL, generated") as more:
            document = read_oval(io.BytesIO(data))
            count = len(document.definitions)
            more(f"{len(data) / 1e6:.0f} MB, {count} definitions, peak +{peak() - before:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
