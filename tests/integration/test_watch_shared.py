"""Re-matching equals matching in full on the real advisories."""

import random
import sqlite3
from contextlib import closing

import pytest

from advisory_data import import_into
from shared import shared
from tidewaiter.adapters.store import open_advisories
from tidewaiter.adapters.store.fingerprints import write_fingerprints
from tidewaiter.adapters.store.inventories import SqliteInventories
from tidewaiter.core.model.package import Package
from tidewaiter.operations.watch import run
from watching import NOW, deb, expected, image, pypi, scan, stored

pytestmark = pytest.mark.corpus
TYPES = {"Debian": "deb", "PyPI": "pypi", "npm": "npm", "Go": "golang"}
QUERY = """
    SELECT DISTINCT p.ecosystem, p.name, a.hi FROM package p JOIN affected a ON a.package = p.id
    WHERE p.release IN ('', '12') AND p.ecosystem IN ('Debian', 'PyPI', 'npm', 'Go') AND a.hi <> ''
    ORDER BY p.name, p.ecosystem, a.hi
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Make four advisory files: some feeds, more of them, all of that without a twentieth of the rows, KEV besides."""
    folder = tmp_path_factory.mktemp("data")
    root = shared("advisories")
    paths = [folder / f"{n}.sqlite" for n in range(4)]
    import_into(paths[0], root / "pypi-osv.jsonl.gz", root / "debian-derived")
    paths[1].write_bytes(paths[0].read_bytes())
    import_into(paths[1], root / "go-osv.jsonl.gz", root / "ghsa-npm-maven-osv.jsonl.gz")
    paths[2].write_bytes(paths[1].read_bytes())
    with closing(sqlite3.connect(paths[2])) as connection, connection:
        connection.execute("DELETE FROM affected WHERE (vuln + package) % 20 = 0")
        connection.execute("UPDATE vuln SET severity = 'critical' WHERE id % 50 = 1")
        write_fingerprints(connection)
    paths[3].write_bytes(paths[2].read_bytes())
    import_into(paths[3], root / "kev.json.gz")
    return paths


def images(path, chosen):
    """Return images of packages that advisories speak of, some language packages owned by OS packages."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(QUERY).fetchall()
    found = []
    for number in range(12):
        packages = [
            Package(type=TYPES[ecosystem], name=name, version=hi) for ecosystem, name, hi in chosen.sample(rows, 300)
        ]
        owners = [deb(f"python3-{n}", "1.0") for n in range(3)] + [deb("python-django", "2.0")]
        owned = [pypi(name, hi, owner=chosen.choice(owners).name) for _, name, hi in chosen.sample(rows, 20)]
        owned.append(pypi("django", "2.0", owner="python-django"))
        found.append(image(f"shop/app{number}:1", *packages, *owners, *owned))
    return found


def test_rematch_equals_the_full_match(files, tmp_path):
    """After each change of the data every image has exactly the findings of a full match."""
    store = SqliteInventories(tmp_path / "inventories.sqlite", rules="1")
    known = images(files[1], random.Random(4))
    for one in known:
        scan(store, one, files[0])
    matched = []
    for path in files[1:]:
        with open_advisories(path) as advisories:
            report = run(store, advisories, now=NOW, version="1")
        matched.append(report.matched)
        assert report.news
        assert [expected(one, path) for one in known] == [stored(store.path, one) for one in known]
    assert all(count < 12 * 325 for count in matched)
