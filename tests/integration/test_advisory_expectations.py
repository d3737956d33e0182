"""Verdicts derived by hand from original documents, through the whole way: import, file, matching."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advisory_data import NOW, import_into
from shared import SHARED, shared
from tidewaiter.adapters.store import SqliteAdvisories, open_advisories
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.vuln import judge_packages, match_packages

pytestmark = pytest.mark.corpus
TYPES = {"npm": "npm", "PyPI": "pypi"}
DOCUMENTS = ("debian", "ghsa", "malicious", "osv-export")


def lines() -> Iterator[dict[str, Any]]:
    """Yield the expected lines that this part of the program answers."""
    for name in ("expected.jsonl", "expected-hidden.jsonl"):
        path = SHARED / "feeds" / name
        for text in path.read_text().splitlines() if path.exists() else ():
            line = json.loads(text)
            if line["feed"] == "debian-tracker" or line.get("ecosystem") in TYPES:
                yield line


@pytest.fixture(scope="module")
def advisories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteAdvisories]:
    """Import every document of the feeds once."""
    database = tmp_path_factory.mktemp("advisories") / "db"
    result = import_into(database, *(shared(f"feeds/{name}") for name in DOCUMENTS))
    assert (0, 0) == (result.broken_records, result.broken_documents)
    with open_advisories(database) as data:
        yield data


def subject(line: dict[str, Any]) -> tuple[Package, OperatingSystem | None]:
    """Return the installed package and its system."""
    version = line["installed_version"]
    if line.get("ecosystem") in TYPES:
        return Package(type=TYPES[line["ecosystem"]], name=line["package"], version=version), None
    package = Package(
        type="deb",
        name=line["package"],
        version=version,
        source_name=line["source_package"],
        source_version=line.get("source_version", ""),
    )
    return package, OperatingSystem(id="debian", codename=line["release"])


def names_of(line: dict[str, Any]) -> set[str]:
    """Return the ids by which the line names its advisory."""
    return {line["cve"], line.get("id", line["cve"])}


@pytest.mark.parametrize(
    "line", list(lines()), ids=lambda line: f"{line['package']}-{line['installed_version']}-{line['cve']}"
)
def test_expected_line(line, advisories):
    """The status, the fix and the severity are those that the document gives."""
    package, system = subject(line)
    (judged,) = judge_packages([package], os=system, advisories=advisories)
    found = [verdict for verdict in judged.verdicts if names_of(line) & {*verdict.ids}]
    assert line["expect"] == (found[0].status.value if found else "unknown"), line["because"]
    if "fixed_version" in line:
        assert line["fixed_version"] == found[0].fixed
    matches = match_packages([package], os=system, advisories=advisories, now=NOW)
    told = [one for one in matches.vulnerabilities if names_of(line) & {one.id, *one.aliases}]
    counted = [one for one in told if not one.suppressed]
    assert bool(counted) == (line["expect"] in {"affected", "will_not_fix", "fix_deferred", "end_of_life"})
    if "severity" in line:
        assert [line["severity"]] == [one.severity.value for one in counted]


def test_lines_are_there():
    """The corpus did not shrink to nothing."""
    shared("feeds/expected.jsonl")
    assert len(list(lines())) >= 19


@pytest.mark.parametrize(
    "name", ["pypi-osv.jsonl.gz", "ghsa-npm-maven-osv.jsonl.gz", "debian-derived", "kev.json.gz", "epss.csv.gz"]
)
def test_shared_advisories_have_no_broken_record(name: str, tmp_path: Path):
    """Every record of the shared files that we read is read without complaint."""
    result = import_into(tmp_path / "db", shared(f"advisories/{name}"))
    assert (0, 0, ()) == (result.broken_records, result.broken_documents, result.unrecognised)
    assert result.items
