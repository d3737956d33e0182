"""Numbers of package keys change exactly when what is told of the packages may change."""

import sqlite3
from contextlib import closing

import pytest

from tidewaiter.adapters.store import open_advisories
from tidewaiter.core.vuln import Exploitation
from tidewaiter.core.vuln.advisory import RepositoryCpes
from watching import database, record, statement

BASE = (
    record("CVE-2026-0001", statement("Debian", "openssl", release="12", fixed="3.0")),
    record("CVE-2026-0002", statement("Red Hat", "openssl", release="9", fixed="3.0")),
    record("GHSA-1", statement("npm", "left-pad"), aliases=("CVE-2026-0003",)),
)
DEBIAN, RED_HAT, NPM = "Debian openssl", "Red Hat openssl", "npm left-pad"


@pytest.fixture
def numbers(tmp_path):
    """Return a function from items to the number of each key, and of all together."""

    def compute(*items, **options):
        path = database(tmp_path / "a.sqlite", items, **options)
        with open_advisories(path) as data:
            whole = data.fingerprint
        with closing(sqlite3.connect(path)) as connection:
            query = (
                "SELECT p.ecosystem || ' ' || p.name, f.digest FROM fingerprint f JOIN package p ON p.id = f.package"
            )
            return dict(connection.execute(query).fetchall()), whole

    return compute


@pytest.mark.parametrize(
    ("more", "changed"),
    [
        ((), set()),
        ((Exploitation(cve="CVE-2026-0001", epss=0.5, epss_percentile=0.5),), set()),
        ((Exploitation(cve="CVE-2026-0001", kev=True),), {DEBIAN}),
        ((Exploitation(cve="CVE-2026-0003", kev=True),), {NPM}),
        ((Exploitation(cve="CVE-1999-0001", kev=True),), set()),
        ((RepositoryCpes(name="a", cpes=("cpe:/a:b",)),), {RED_HAT}),
        ((record("CVE-2026-0001", statement("PyPI", "x"), feed="nvd", severity="high"),), {DEBIAN}),
        ((record("CVE-2026-0009", statement("PyPI", "x")),), set()),
        ((record("CVE-2026-0009", statement("Debian", "openssl", release="12")),), {DEBIAN}),
    ],
)
def test_what_changes_the_numbers(numbers, more, changed):
    """Own rows, records that share an id, KEV and Red Hat's repositories do; EPSS and other packages do not."""
    before, whole = numbers(*BASE)
    after, now = numbers(*BASE, *more)
    assert {DEBIAN, RED_HAT, NPM} == set(before)
    assert changed == {name for name in before if before[name] != after[name]}
    assert (whole == now) == (before == after)


def test_the_order_of_feeds_counts(numbers):
    """Who is believed first may change every verdict."""
    (before, _), (after, _) = (numbers(*BASE, precedence={"osv": rank}) for rank in (1, 2))
    assert all(before[name] != after[name] for name in before)


def test_the_order_of_records_does_not_count(numbers):
    """Numbers depend on content alone, not on ids that the file gives."""
    assert numbers(*BASE) == numbers(*reversed(BASE))
