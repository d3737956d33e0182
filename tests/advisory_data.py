"""Imports advisory documents into a file and judges single lines, for the tests of advisories and matching."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tidewaiter.adapters.documents import open_documents
from tidewaiter.adapters.feeds import registry
from tidewaiter.adapters.store import build_advisories
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln import (
    AdvisorySource,
    Extent,
    Feed,
    Interval,
    PackageKey,
    Row,
    judge_packages,
    match_packages,
)
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS, LANGUAGES, distribution
from tidewaiter.core.vuln.severity import word
from tidewaiter.operations.advisories import Imported, import_advisories

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
BOOKWORM = OperatingSystem(id="debian", version_id="12", codename="bookworm")


def import_into(database: Path, *paths: Path, now: datetime = NOW) -> Imported:
    """Import files and folders in one run, as `tidewaiter db import` does."""
    with build_advisories(database, now=now) as builder:
        documents = (document for path in paths for document in open_documents(path))
        return import_advisories(documents, feeds=registry(), builder=builder)


def write(folder: Path, name: str, lines: Iterable[str]) -> Path:
    """Write lines into a file of a folder and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class MemoryAdvisories:
    """Advisory data as a list of rows; implements `AdvisorySource`."""

    def __init__(self, rows=(), *, feeds=(), exploitation=(), opinions=(), sources=(), repositories=None):
        """Hold (key, row) pairs; every ecosystem and release of a key counts as covered."""
        self.built = "2026-11-25T00:00:00Z"
        self._rows = list(rows)
        self._feeds = tuple(feeds) or tuple(
            Feed(id=name, taken=self.built) for name in sorted({row.feed for _, row in self._rows})
        )
        self._exploitation = {one.cve: one for one in exploitation}
        self._opinions = tuple(opinions)
        self._sources = frozenset(sources)
        self._repositories = dict(repositories or {})

    def feeds(self):
        """Return the feeds."""
        return self._feeds

    def extents(self):
        """Return one extent per feed and place."""
        places = sorted({(row.feed, key.ecosystem, key.release) for key, row in self._rows})
        return tuple(Extent(feed=feed, ecosystem=name, release=release, records=1) for feed, name, release in places)

    def rows(self, keys):
        """Return the rows of each key that has any."""
        wanted = set(keys)
        found = {}
        for key, row in self._rows:
            if key in wanted:
                found.setdefault(key, []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    def rows_about(self, ids):
        """Return the rows with one of the ids."""
        wanted = set(ids)
        found = {}
        for key, row in self._rows:
            if wanted & {row.id, *row.aliases}:
                found.setdefault(key, []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    def opinions(self, ids):
        """Return the opinions that carry one of the ids."""
        wanted = set(ids)
        return tuple(one for one in self._opinions if wanted & {*one.ids})

    def exploitation(self, cves):
        """Return what is known about the CVEs."""
        return {cve: self._exploitation[cve] for cve in cves if cve in self._exploitation}

    def repository_cpes(self, names):
        """Return the CPEs of content sets."""
        return {name: self._repositories[name] for name in names if name in self._repositories}

    def support(self, product):
        """Return nothing."""
        return ()

    def knows_source(self, ecosystem, names):
        """Return the names that are known."""
        return self._sources & {*names}


def row(identity, *, lo="", hi=None, fixed=None, inclusive=False, **fields):
    """Return a row; `fixed` alone means every version below it."""
    hi = fixed if hi is None else hi
    interval = Interval(lo=lo, hi=hi, inclusive=inclusive, fixed=fixed)
    defaults = {"feed": "osv", "record": identity, "aliases": (), "kind": "vulnerability", "status": Status.AFFECTED}
    return Row(id=identity, interval=interval, **{**defaults, **fields})


def debian(name, release="12"):
    """Return the key of a Debian source package."""
    return PackageKey(ecosystem="Debian", release=release, name=name)


def deb(name, version, **fields):
    """Return an installed Debian package."""
    return Package(type="deb", name=name, version=version, namespace="debian", **fields)


def subject(line: Mapping[str, Any]) -> tuple[Package, OperatingSystem | None]:
    """Return the installed package and the system of a line of expected verdicts (feeds README)."""
    version = line["installed_version"]
    for purl_type, ecosystem in LANGUAGES.items():
        if line.get("ecosystem") == ecosystem:
            return Package(type=purl_type, name=line["package"], version=version), None
    identity = line["os"]
    ecosystem, _ = distribution(OperatingSystem(id=identity))
    package = Package(
        type=ECOSYSTEMS[ecosystem].purl_type,
        name=line["package"],
        version=version,
        arch=line.get("arch", ""),
        source_name=line.get("source_package", ""),
        source_version=line.get("source_version", ""),
        module=line.get("module", ""),
        maintainer=line.get("vendor", ""),
    )
    release = line.get("release", "")
    services = ("esm-apps", "esm-infra") if line.get("pro") else ()
    channel = line.get("channel", "")
    named = {"codename": release} if release.isalpha() and identity in {"debian", "ubuntu"} else {"version_id": release}
    return package, OperatingSystem(
        id=identity,
        repositories=tuple(line.get("cpes", ())) or ((release,) if identity == "alpine" else ()),
        services=(*services, channel) if channel and channel not in services else services,
        **named,
    )


_VULNERABLE = {"affected", "will_not_fix", "fix_deferred", "end_of_life"}


def check_line(line: Mapping[str, Any], advisories: AdvisorySource) -> None:
    """Compare status, fix, subscription and severity with what the document gives."""
    package, system = subject(line)
    names = {line["cve"], line.get("id", line["cve"])}
    (judged,) = judge_packages([package], os=system, advisories=advisories)
    found = [verdict for verdict in judged.verdicts if names & {*verdict.ids}]
    assert line["expect"] == (found[0].status.value if found else "unknown"), line["because"]
    if "fixed_version" in line:
        fixed = found[0].fixed or ""
        scheme = ECOSYSTEMS[judged.key.ecosystem].scheme if judged.key is not None else None
        assert scheme is not None
        assert line["fixed_version"] == fixed or scheme.key(line["fixed_version"]) == scheme.key(fixed)
    matches = match_packages([package], os=system, advisories=advisories, now=NOW)
    told = [one for one in matches.vulnerabilities if names & {one.id, *one.aliases}]
    counted = [one for one in told if not one.suppressed]
    assert bool(counted) == (line["expect"] in _VULNERABLE)
    if counted:
        assert line.get("fix_needs", "") == counted[0].fix_needs
    if "severity" in line:
        assert [word(line["severity"])] == [one.severity for one in counted]
