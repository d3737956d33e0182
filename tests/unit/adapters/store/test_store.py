"""The advisory file: importing, merging, reading, refusing."""

import json
import sqlite3
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisory_data import BOOKWORM, NOW, deb, import_into, write
from tidewaiter.adapters.store import build_advisories, open_advisories
from tidewaiter.core.model.package import Package
from tidewaiter.core.vuln import judge_packages, match_packages
from tidewaiter.ports.advisories import AdvisoryError

EXPRESS = Package(type="npm", name="express", version="4.0.0")
CURL = deb("curl", "7.0-1")


def osv(identity, *, fixed="5.0.0", name="express", modified="2026-01-01T00:00:00Z", **fields):
    """Return an OSV record of npm as a line."""
    events = [{"introduced": "0"}, {"fixed": fixed}]
    affected = [{"package": {"ecosystem": "npm", "name": name}, "ranges": [{"type": "SEMVER", "events": events}]}]
    return json.dumps({"id": identity, "modified": modified, "affected": affected, **fields})


def tracker(**cves):
    """Return a tracker document about curl in bookworm; each CVE with its fixed version, or None while it is open."""
    entries = {}
    for name, fixed in cves.items():
        release = {"status": "resolved" if fixed else "open", "urgency": "low", "repositories": {}}
        entries[name.replace("_", "-")] = {
            "releases": {"bookworm": {**release, **({"fixed_version": fixed} if fixed else {})}}
        }
    return json.dumps({"curl": entries})


def found(database, *packages):
    """Return (id, fix) of every vulnerability."""
    with open_advisories(database) as data:
        matches = match_packages(packages, os=BOOKWORM, advisories=data, now=NOW)
    return [(one.id, one.fixed) for one in matches.vulnerabilities]


def test_second_import_adds_and_replaces(tmp_path):
    """A newer record replaces an older one, an older one changes nothing, other records stay."""
    database = tmp_path / "db"
    import_into(database, write(tmp_path, "one", [osv("GHSA-a"), osv("GHSA-b", fixed="4.5.0")]))
    import_into(database, write(tmp_path, "two", [osv("GHSA-a", fixed="6.0.0", modified="2026-02-01T00:00:00Z")]))
    assert [("GHSA-a", "6.0.0"), ("GHSA-b", "4.5.0")] == found(database, EXPRESS)
    import_into(database, write(tmp_path, "three", [osv("GHSA-a", fixed="7.0.0", modified="2025-02-01T00:00:00Z")]))
    assert [("GHSA-a", "6.0.0"), ("GHSA-b", "4.5.0")] == found(database, EXPRESS)


def test_withdrawal_takes_back_and_stays(tmp_path):
    """A withdrawn record removes what it said before; an older copy does not bring it back."""
    database = tmp_path / "db"
    gone = osv("GHSA-a", modified="2026-03-01T00:00:00Z", withdrawn="2026-03-01T00:00:00Z")
    import_into(database, write(tmp_path, "one", [osv("GHSA-a"), osv("GHSA-b")]))
    import_into(database, write(tmp_path, "two", [gone]))
    import_into(database, write(tmp_path, "three", [osv("GHSA-a")]))
    assert [("GHSA-b", "5.0.0")] == found(database, EXPRESS)


def test_rejected_cves_are_dropped(tmp_path):
    """A row under a rejected CVE is left out, whoever said it; a record with an id of its own has to take itself back."""
    database = tmp_path / "db"
    rejected = {"cveMetadata": {"cveId": "CVE-2026-0001", "state": "REJECTED"}, "containers": {"cna": {}}}
    import_into(database, write(tmp_path, "one", [tracker(CVE_2026_0001="7", CVE_2026_0002="8")]))
    import_into(database, write(tmp_path, "two", [osv("GHSA-a", aliases=["CVE-2026-0001"])]))
    import_into(database, write(tmp_path, "three", [json.dumps(rejected)]))
    assert [("CVE-2026-0002", "8")] == found(database, CURL)
    assert [("CVE-2026-0001", "5.0.0")] == found(database, EXPRESS)


def test_group_that_loses_a_cve(tmp_path):
    """A newer notice speaks for the whole notice: a CVE that it no longer names is gone."""
    database = tmp_path / "db"
    affected = [{"package": {"ecosystem": "Debian:12", "name": "curl"}, "versions": ["7.0-1"]}]
    for name, modified, cves in (("one", "2026-01-01", ["CVE-2026-0001", "CVE-2026-0002"]), ("two", "2026-02-01", ["CVE-2026-0002"])):  # fmt: skip
        record = {"id": "DSA-1-1", "modified": f"{modified}T00:00:00Z", "upstream": cves, "affected": affected}
        import_into(database, write(tmp_path, name, [json.dumps(record)]))
    assert [("CVE-2026-0002", None)] == found(database, CURL)


def test_snapshot_replaces_the_whole_feed(tmp_path):
    """A new tracker document is the whole tracker; documents of one run belong together; other feeds stay."""
    database = tmp_path / "db"
    one = write(tmp_path, "one", [tracker(CVE_2026_0001=None)])
    two = write(tmp_path, "two", [tracker(CVE_2026_0002="8")])
    other = write(tmp_path, "other", [osv("GHSA-a")])
    import_into(database, one, two, other)
    assert [("CVE-2026-0001", None), ("CVE-2026-0002", "8"), ("GHSA-a", "5.0.0")] == found(database, CURL, EXPRESS)
    import_into(database, two)
    assert [("CVE-2026-0002", "8"), ("GHSA-a", "5.0.0")] == found(database, CURL, EXPRESS)


def test_cut_snapshot_keeps_the_old_one(tmp_path):
    """Half a tracker never replaces a whole one, and the other documents of the run are taken."""
    database = tmp_path / "db"
    import_into(database, write(tmp_path, "one", [tracker(CVE_2026_0001=None)]))
    cut = tmp_path / "cut"
    cut.write_text(tracker(CVE_2026_0002=None, CVE_2026_0003=None)[:-30])
    result = import_into(database, cut, write(tmp_path, "other", [osv("GHSA-a")]))
    assert 1 == result.broken_documents
    assert [("CVE-2026-0001", None), ("GHSA-a", "5.0.0")] == found(database, CURL, EXPRESS)


def test_duplicates_in_one_document_are_united(tmp_path):
    """The same id several times in one document adds up, whatever the dates."""
    lines = [osv("GHSA-a"), osv("GHSA-a", name="koa", modified="2025-01-01T00:00:00Z"), osv("GHSA-a")]
    database = tmp_path / "db"
    import_into(database, write(tmp_path, "one", lines))
    koa = Package(type="npm", name="koa", version="1.0.0")
    assert [("GHSA-a", "5.0.0"), ("GHSA-a", "5.0.0")] == found(database, EXPRESS, koa)


def test_exploitation_and_opinions_come_back(tmp_path):
    """KEV, EPSS and records of other packages are joined by id."""
    kev = json.dumps({"catalogVersion": "1", "vulnerabilities": [{"cveID": "CVE-2026-0001", "dueDate": "2026-02-02", "knownRansomwareCampaignUse": "Known"}]})  # fmt: skip
    vector = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}
    other = osv(
        "GHSA-x", name="koa", aliases=["CVE-2026-0001"], severity=[vector, {"type": "CVSS_V2", "score": "broken"}]
    )
    database = tmp_path / "db"
    folder = tmp_path / "in"
    write(folder, "kev", [kev])
    write(folder, "epss", ["cve,epss,percentile", "CVE-2026-0001,0.12345,0.9"])
    write(folder, "osv", [other, osv("GHSA-a", aliases=["CVE-2026-0001"])])
    import_into(database, folder)
    with open_advisories(database) as data:
        (one,) = match_packages([EXPRESS], os=None, advisories=data, now=NOW).vulnerabilities
        counts = {feed.id: feed.records for feed in data.feeds()}
    assert ("CVE-2026-0001", True, "2026-02-02", True, 0.12345, 0.9) == (one.id, one.kev, one.kev_due, one.kev_ransomware, one.epss, one.epss_percentile)  # fmt: skip
    assert (10.0, "critical", "cvss 3.1 GHSA-x") == (one.cvss, one.severity.value, one.severity_source)
    assert {"kev": 1, "epss": 1, "osv": 2} == counts


def test_feeds_and_extents(tmp_path):
    """The file tells when it was built, how new each feed is and what it covers."""
    database = tmp_path / "db"
    import_into(database, write(tmp_path, "one", [osv("GHSA-a"), osv("GHSA-b", modified="2026-02-01T00:00:00Z")]))
    with open_advisories(database) as data:
        (feed,), (extent,) = data.feeds(), data.extents()
        assert "2026-11-25T12:00:00Z" == data.built
        assert database.stat().st_size == data.size
        assert frozenset({"express"}) == data.knows_source("npm", ["express", "koa"])
    assert ("osv", "2026-02-01T00:00:00Z", 2, 1) == (feed.id, feed.taken, feed.records, feed.precedence)
    assert ("osv", "npm", "", 2, "2026-02-01T00:00:00Z") == (extent.feed, extent.ecosystem, extent.release, extent.records, extent.newest)  # fmt: skip


def test_dates_in_the_future_are_not_believed(tmp_path):
    """A wrong year in one record neither makes a feed look fresh for ever nor keeps the corrected record out."""
    database = tmp_path / "db"
    future = osv("GHSA-a", fixed="9.0.0", modified="2027-07-09T00:00:00Z")
    import_into(database, write(tmp_path, "one", [osv("GHSA-b"), future]))
    with open_advisories(database) as data:
        (feed,), (extent,) = data.feeds(), data.extents()
    assert ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z") == (feed.taken, extent.newest)
    import_into(database, write(tmp_path, "two", [osv("GHSA-a")]))
    assert [("GHSA-a", "5.0.0"), ("GHSA-b", "5.0.0")] == found(database, EXPRESS)


def test_missing_foreign_damaged_newer(tmp_path):
    """Whatever is wrong with the file is one kind of error, with advice."""
    foreign = tmp_path / "foreign"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE x(y)")
    connection.close()
    (tmp_path / "text").write_text("no database " * 1000)
    (tmp_path / "empty").write_bytes(b"")
    whole = tmp_path / "whole"
    import_into(whole, write(tmp_path, "one", [osv(f"GHSA-{n}", name=f"package-{n}") for n in range(2000)]))
    data = whole.read_bytes()
    (tmp_path / "cut").write_bytes(data[: len(data) // 2])
    newer = tmp_path / "newer"
    newer.write_bytes(data)
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    for name, words in (
        ("none", "no advisory data"),
        ("foreign", "not an advisory file"),
        ("text", "damaged or not"),
        ("empty", "not an advisory file"),
        ("newer", "schema 99"),
        ("cut", "damaged"),
    ):
        with pytest.raises(AdvisoryError, match=words) as caught, open_advisories(tmp_path / name) as opened:
            judge_packages([Package(type="npm", name=f"package-{n}", version="1.0.0") for n in range(2000)], os=None, advisories=opened)  # fmt: skip
        assert caught.value.advice


def test_failed_import_touches_nothing(tmp_path):
    """An error in the middle leaves the old file as it was and no second file behind."""
    database = tmp_path / "db"
    import_into(database, write(tmp_path, "one", [osv("GHSA-a")]))
    before = database.read_bytes()
    with pytest.raises(RuntimeError), build_advisories(database, now=NOW):
        raise RuntimeError
    with pytest.raises(AdvisoryError, match="nothing was imported"):
        import_into(database, write(tmp_path, "nonsense", ["<xml/>"]))
    assert before == database.read_bytes()
    assert {"db", "one", "nonsense"} == {path.name for path in tmp_path.iterdir()}


def test_foreign_file_is_not_overwritten(tmp_path):
    """Importing into a file that is not ours is refused."""
    target = tmp_path / "precious"
    target.write_text("text")
    with pytest.raises(AdvisoryError, match="damaged or not an advisory file"):
        import_into(target, write(tmp_path, "one", [osv("GHSA-a")]))
    assert "text" == target.read_text()


def test_readers_keep_the_old_file(tmp_path):
    """A file that is open while a new one replaces it still answers."""
    database = tmp_path / "db"
    import_into(database, write(tmp_path, "one", [osv("GHSA-a")]))
    with open_advisories(database) as data:
        import_into(database, write(tmp_path, "two", [osv("GHSA-b")]), now=NOW + timedelta(days=1))
        matches = match_packages([EXPRESS], os=None, advisories=data, now=NOW)
        assert ["GHSA-a"] == [one.id for one in matches.vulnerabilities]


RECORDS = [
    osv("GHSA-a", aliases=["CVE-2026-0001"]),
    osv("GHSA-a", fixed="6.0.0", modified="2026-02-01T00:00:00Z", aliases=["CVE-2026-0001"]),
    osv("GHSA-b", fixed="4.5.0", aliases=["CVE-2026-0001"]),
    osv("GHSA-b", fixed="4.7.0", aliases=["CVE-2026-0001"]),
    osv("GHSA-c", modified="2026-02-01T00:00:00Z", withdrawn="2026-02-01T00:00:00Z"),
    osv("GHSA-c"),
]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(RECORDS))), runs=st.integers(1, 6))
def test_order_of_imports_changes_nothing(tmp_path, order, runs):
    """The same documents in any order, in one run or in several, give the same answer."""
    database = tmp_path / "db"
    database.unlink(missing_ok=True)
    paths = [write(tmp_path, f"document-{number}", [RECORDS[number]]) for number in order]
    for start in range(0, len(paths), runs):
        import_into(database, *paths[start : start + runs])
    assert [("CVE-2026-0001", "6.0.0")] == found(database, EXPRESS)
