import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from tidewaiter.adapters.store import open_advisories
from tidewaiter.adapters.store.inventories import SqliteInventories
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.vuln import Exploitation
from tidewaiter.operations.watch import run
from tidewaiter.operations.watch_report import encode
from tidewaiter.ports.inventories import InventoryError, Use
from watching import NOW, database, deb, expected, image, pypi, record, scan, statement, stored

VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


@pytest.fixture
def store(tmp_path):
    """Return empty inventories."""
    return SqliteInventories(tmp_path / "inventories.sqlite", rules="1")


@pytest.fixture
def data(tmp_path):
    """Return a function that makes an advisory file and returns its path."""

    def make(*items, hours=0):
        return database(tmp_path / f"advisories-{hours}.sqlite", items, now=NOW + timedelta(hours=hours))

    return make


def one_pass(store, path, *, hours=1, **options):
    """Make a pass with an advisory file."""
    with open_advisories(path) as advisories:
        return run(store, advisories, now=NOW + timedelta(hours=hours), version="1", **options)


def told(report):
    """Return kind, id and images of all news."""
    return [(one.kind, one.id, tuple(seen.name for seen in one.images)) for one in report.news]


SSL = record("CVE-2026-0001", statement("Debian", "openssl", release="12", fixed="3.0"))
OTHER = record("CVE-2026-0009", statement("Debian", "zlib", release="12"))


def test_a_new_record_is_told_of_the_images_that_hold_the_package(store, data):
    """A new record is told of the images that hold the package."""
    before = data(OTHER)
    scan(store, image("shop/web:1", deb("openssl", "2.0"), deb("zlib", "1.0")), before)
    scan(store, image("shop/api:1", deb("openssl", "3.0")), before)
    scan(store, image("shop/db:1", deb("zlib", "1.0")), before)
    report = one_pass(store, data(OTHER, SSL, hours=1))
    assert [("affected", "CVE-2026-0001", ("shop/web:1",))] == told(report)
    assert (1, "fail", 1, 2) == (report.exit_code, report.verdict, report.changed_keys, report.matched)
    assert ("1 image newly affected by 1 finding",) == report.reasons


def test_a_second_pass_has_no_news(store, data):
    """A second pass has no news."""
    scan(store, image("shop/web:1", deb("openssl", "2.0")), data(OTHER))
    path = data(OTHER, SSL, hours=1)
    one_pass(store, path)
    report = one_pass(store, path)
    assert ((), 0, 0, 0) == (report.news, report.exit_code, report.changed_keys, report.matched)
    assert ("nothing that has to be acted on is new",) == report.reasons


def test_what_the_scan_told_is_no_news(store, data):
    """What the scan told is no news."""
    path = data(SSL)
    scan(store, image("shop/web:1", deb("openssl", "2.0")), path)
    assert () == one_pass(store, path).news


@pytest.mark.parametrize(
    ("before", "after", "kind", "code"),
    [
        ([record("CVE-2026-0001", statement("Debian", "openssl", release="12"))], [SSL], "fix", 0),
        ([SSL], [SSL, Exploitation(cve="CVE-2026-0001", kev=True)], "exploited", 1),
        ([SSL], [], "gone", 0),
        (
            [record("CVE-2026-0001", statement("Debian", "openssl", release="12", severity="low"))],
            [record("CVE-2026-0001", statement("Debian", "openssl", release="12", severity="high"))],
            "severity",
            0,
        ),
        ([SSL], [record("CVE-2026-0001", statement("Debian", "openssl", release="12", fixed="4.0"))], "changed", 0),
    ],
)
def test_kinds_of_news(store, data, before, after, kind, code):
    """Kinds of news."""
    scan(store, image("shop/web:1", deb("openssl", "2.0")), data(OTHER, *before))
    report = one_pass(store, data(OTHER, *after, hours=1))
    assert ([(kind, "CVE-2026-0001", ("shop/web:1",))], code) == (told(report), report.exit_code)


def test_a_record_of_another_package_that_raises_the_severity_is_news(store, data):
    """The severity may come from a record about some other package that shares the id: that is part of the key's number."""
    plain = record("CVE-2026-0001", statement("Debian", "openssl", release="12"))
    elsewhere = record("GHSA-1", statement("npm", "left-pad"), aliases=("CVE-2026-0001",), vectors=(VECTOR,))
    scan(store, image("shop/web:1", deb("openssl", "2.0")), data(plain))
    report = one_pass(store, data(plain, elsewhere, hours=1))
    assert [("severity", "CVE-2026-0001", ("shop/web:1",))] == told(report)


def test_an_owned_package_is_matched_with_its_owner(store, data):
    """A statement about the OS package alone closes what was counted for the language package that it owns."""
    upstream = record("CVE-2026-0002", statement("PyPI", "six"))
    covered = record(
        "CVE-2026-0002", statement("Debian", "python3-six", release="12", fixed="1.0"), feed="debian-tracker"
    )
    one = image("shop/web:1", deb("python3-six", "1.5"), pypi("six", "1.5", owner="python3-six"))
    scan(store, one, data(upstream))
    path = data(upstream, covered, hours=1)
    report = one_pass(store, path)
    assert [("gone", "CVE-2026-0002", ("shop/web:1",))] == told(report)
    assert "covered by vendor: fixed since 1.0 in python3-six 1.5" == report.news[0].suppressed
    assert expected(one, path) == stored(store.path, one)


def test_an_id_that_becomes_a_cve_is_the_same_finding(store, data):
    """An id that becomes a CVE is the same finding."""
    first = record("GHSA-1", statement("Debian", "openssl", release="12"))
    second = record("CVE-2026-0001", statement("Debian", "openssl", release="12"), aliases=("GHSA-1",))
    scan(store, image("shop/web:1", deb("openssl", "2.0")), data(first))
    (one,) = one_pass(store, data(second, hours=30), hours=30).news
    assert ("changed", "CVE-2026-0001", "GHSA-1", "id GHSA-1") == (one.kind, one.id, one.renamed, one.before)
    assert "2026-11-25T12:00:00Z" == one.images[0].since


def test_an_image_scanned_without_data_gets_all_its_findings_as_news(store, data):
    """An image scanned without data gets all its findings as news."""
    scan(store, image("shop/web:1", deb("openssl", "2.0")), None)
    assert [("affected", "CVE-2026-0001", ("shop/web:1",))] == told(one_pass(store, data(SSL)))


def test_older_data_never_takes_findings_back(store, data):
    """An image that was matched with newer data is left alone, and that is told."""
    old, new = data(OTHER, hours=0), data(OTHER, SSL, hours=5)
    one = image("shop/web:1", deb("openssl", "2.0"))
    scan(store, one, new)
    report = one_pass(store, old)
    assert ((), 3) == (report.news, report.exit_code)
    assert "advisory data" == report.unknowns[0].subject
    assert expected(one, new) == stored(store.path, one)


def test_other_rules_match_everything_again(store, data):
    """Other rules match everything again."""
    path = data(SSL)
    scan(store, image("shop/web:1", deb("openssl", "2.0"), deb("zlib", "1")), path)
    report = one_pass(SqliteInventories(store.path, rules="2"), path)
    assert (2, ()) == (report.matched, report.news)
    assert 0 == one_pass(SqliteInventories(store.path, rules="2"), path).matched


def test_workloads_are_told_and_a_superseded_image_does_not_fail(store, data):
    """Workloads are told and a superseded image does not fail."""
    old, new = (
        image("shop/web:1", deb("openssl", "2.0")),
        image("shop/web:1", deb("openssl", "3.0"), digest="sha256:" + "b" * 64),
    )
    path = data(OTHER)
    scan(store, old, path)
    scan(store, new, path, now=NOW + timedelta(minutes=1))
    report = one_pass(store, data(OTHER, SSL, hours=1))
    assert (0, [False]) == (report.exit_code, [seen.is_current for seen in report.news[0].images])
    use = Use(workload="Deployment shop/web", owner="team:web")
    store.used(old, [use], place=".", now="2026-11-25T13:00:00Z")
    report = one_pass(store, data(OTHER, SSL, Exploitation(cve="CVE-2026-0001", kev=True), hours=2), hours=2)
    (seen,) = report.news[0].images
    assert (1, True, (Use(workload="Deployment shop/web", owner="team:web", place="."),)) == (
        report.exit_code,
        seen.is_current,
        seen.uses,
    )


@pytest.mark.parametrize(("fail_on", "code"), [("low", 1), ("medium", 0), ("critical", 0)])
def test_fail_on_is_the_lowest_severity(store, data, fail_on, code):
    """Fail on is the lowest severity."""
    low = record("CVE-2026-0001", statement("Debian", "openssl", release="12", severity="low"))
    scan(store, image("shop/web:1", deb("openssl", "2.0")), data(OTHER))
    assert code == one_pass(store, data(OTHER, low, hours=1), fail_on=fail_on).exit_code


def test_gaps_are_told_and_make_the_pass_incomplete(store, data):
    """Gaps are told and make the pass incomplete."""
    gap = Unknown(subject="layer 1", reason="could not be read")
    scan(store, image("shop/web:1", deb("openssl", "3.0"), pypi("six", "1"), unknowns=(gap,)), data(OTHER))
    report = one_pass(store, data(OTHER, SSL, hours=1))
    assert 3 == report.exit_code
    assert ["inventories", "PyPI"] == [one.subject for one in report.unknowns]


def test_old_data_is_told(store, data):
    """Old data is told."""
    path = data(SSL)
    scan(store, image("shop/web:1", deb("openssl", "3.0")), path)
    assert [(True, 0)] == [(not one.incomplete, 0) for one in one_pass(store, path, hours=30).unknowns]
    assert 3 == one_pass(store, path, hours=200).exit_code


def test_news_that_could_not_be_delivered_come_again(store, data):
    """News that could not be delivered come again."""
    scan(store, image("shop/web:1", deb("openssl", "2.0")), data(OTHER))
    path = data(OTHER, SSL, hours=1)

    def fail(report):
        raise OSError(report.verdict)

    with pytest.raises(OSError, match="fail"):
        one_pass(store, path, deliver=fail)
    assert [("affected", "CVE-2026-0001", ("shop/web:1",))] == told(one_pass(store, path))


def test_without_images_nothing_can_be_said(store, data):
    """Without images nothing can be said."""
    with pytest.raises(InventoryError, match="no image is known yet"):
        one_pass(store, data(SSL))


def test_the_report_is_json_even_with_broken_names(store, data):
    """The report is JSON even with broken names."""
    scan(store, image("shop/\udcff:1", deb("openssl", "2.0"), digest="sha256:1"), data(OTHER))
    assert b'"tidewaiter.dev/watch/v1"' in encode(one_pass(store, data(OTHER, SSL, hours=1)))


def test_a_file_without_numbers_is_compared_all_the_same(store, data, tmp_path):
    """Files of older versions have no table of fingerprints: they are computed, and tell the same."""

    def older(path):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DROP TABLE fingerprint")
            connection.execute("DELETE FROM meta WHERE key = 'fingerprint'")
        return path

    one = image("shop/web:1", deb("openssl", "2.0"), deb("zlib", "1"))
    scan(store, one, older(data(OTHER)))
    assert 2 == one_pass(store, older(data(OTHER, hours=1))).matched
    report = one_pass(store, older(data(OTHER, SSL, hours=2)), hours=2)
    assert ([("affected", "CVE-2026-0001", ("shop/web:1",))], 1) == (told(report), report.matched)
    assert 0 == one_pass(store, data(OTHER, SSL, hours=3), hours=3).matched
