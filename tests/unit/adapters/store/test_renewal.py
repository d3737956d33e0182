"""Feeds without times: what a newer document no longer says is gone, what others said stays."""

import json

from advisory_data import import_into, write
from tidewaiter.adapters.store import open_advisories
from tidewaiter.core.vuln import PackageKey


def secdb(branch="v3.20", repository="main", **packages):
    """Return a database of one repository: package -> {version: ids}."""
    listed = [{"pkg": {"name": name, "secfixes": fixes}} for name, fixes in packages.items()]
    return json.dumps({"distroversion": branch, "reponame": repository, "packages": listed})


def fixes(database, name="openssl", release="3.20"):
    """Return (id, fix) of everything that is said about a package."""
    key = PackageKey(ecosystem="Alpine", release=release, name=name)
    with open_advisories(database) as data:
        return sorted((row.id, row.interval.fixed) for row in data.rows([key]).get(key, ()))


def test_newer_document_takes_back(tmp_path):
    """A fix that moved down, an id that was dropped: only what the newer document says is left, without remains."""
    database = tmp_path / "db"
    old = {"3-r5": ["CVE-2024-0001"], "3-r0": ["CVE-2024-0002"]}
    import_into(database, write(tmp_path, "old.json", [secdb(openssl=old, curl={"8-r1": ["CVE-2024-0002"]})]))
    import_into(database, write(tmp_path, "new.json", [secdb(openssl={"3-r1": ["CVE-2024-0001"]})]))
    assert [("CVE-2024-0001", "3-r1")] == fixes(database)
    assert [("CVE-2024-0002", "8-r1")] == fixes(database, "curl")
    with open_advisories(database) as data:
        assert [2] == [feed.records for feed in data.feeds()]


def test_other_branches_stay(tmp_path):
    """Branches that are imported one after the other do not take anything from each other."""
    database = tmp_path / "db"
    for number, branch in enumerate(["v3.19", "v3.20", "v3.21", "v3.20"]):
        text = secdb(branch, openssl={f"3-r{number}": ["CVE-2024-0001"]})
        import_into(database, write(tmp_path, f"{number}.json", [text]))
    assert [
        [("CVE-2024-0001", "3-r0")],
        [("CVE-2024-0001", "3-r3")],
        [("CVE-2024-0001", "3-r2")],
    ] == [fixes(database, release=release) for release in ("3.19", "3.20", "3.21")]


def test_one_import_unites(tmp_path):
    """Documents of one import are parts of one whole, several keys of one id too."""
    database = tmp_path / "db"
    paths = [
        write(tmp_path, f"{number}.json", [secdb(openssl={f"3-r{number}": ["CVE-2024-0001"]})]) for number in (1, 2)
    ]
    expected = [("CVE-2024-0001", "3-r1"), ("CVE-2024-0001", "3-r2")]
    for _ in range(2):
        import_into(database, *paths)
        assert expected == fixes(database)
