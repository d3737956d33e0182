"""Ubuntu's rows from OSV records; rows of Pro hold for the plain release where it has none of its own."""

import json
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from oracle import order
from oracle.rows import Package, Row, Verdict, document, records
from oracle.tools import Orders

Key = tuple[str, str, str]
Told = tuple[str, str]
"""Channel (empty, `Pro`) and fixed version (empty = open)."""


def _documents(shared: Path) -> Iterator[dict[str, Any]]:
    folder = shared / "feeds/ubuntu"
    yield from records(folder / "osv-ubuntu.jsonl.gz")
    for path in sorted(folder.glob("osv/**/*.json")):
        yield document(path)
    if not (folder / "osv-all.tar.xz").exists():
        return
    with tarfile.open(folder / "osv-all.tar.xz") as archive:
        for member in archive.getmembers():
            if member.name.endswith(".json"):
                text = archive.extractfile(member)
                assert text is not None
                yield json.loads(text.read())


def _cves(record: dict[str, Any]) -> set[str]:
    named = [
        record["id"],
        *(record.get("upstream") or ()),
        *(record.get("related") or ()),
        *(record.get("aliases") or ()),
    ]
    found = {one.removeprefix("UBUNTU-") for one in named if re.match(r"(UBUNTU-)?CVE-", one)}
    if record["id"].startswith("UBUNTU-CVE-"):
        return {record["id"].removeprefix("UBUNTU-")}
    return found or {record["id"]}


def _channel(ecosystem: str) -> tuple[str, str] | None:
    """Return channel and release; FIPS and other channels are none of a plain system."""
    found = re.fullmatch(r"Ubuntu:(Pro:)?(\d+\.\d+)(:LTS)?", ecosystem)
    return ("Pro" if found[1] else "", found[2]) if found else None


CODENAMES: Final = {
    "trusty": "14.04",
    "xenial": "16.04",
    "bionic": "18.04",
    "focal": "20.04",
    "jammy": "22.04",
    "noble": "24.04",
}


def _vex(shared: Path, status: str) -> set[tuple[str, str, str, str]]:
    """Return (channel, release, source, CVE) of what Canonical's VEX documents give a status."""
    found: set[tuple[str, str, str, str]] = set()
    for path in sorted((shared / "feeds/ubuntu/vex").glob("**/*.json")):
        for statement in document(path).get("statements") or ():
            for product in statement["products"] if statement["status"] == status else ():
                purl = re.fullmatch(
                    r"pkg:deb/ubuntu/([^@]+)@[^?]*\?arch=source&distro=(?:esm-\w+/)?(\w+)", product["@id"]
                )
                if purl and purl[2] in CODENAMES:
                    channel = "Pro" if "distro=esm-" in product["@id"] else ""
                    found.add((channel, CODENAMES[purl[2]], purl[1], statement["vulnerability"]["name"]))
    return found


def rows(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return one row per release, source package and CVE."""
    by_key: defaultdict[Key, set[Told]] = defaultdict(set)
    for record in _documents(shared):
        if record.get("withdrawn") or record["id"].startswith("LSN-"):
            continue
        for entry in record.get("affected") or ():
            channel = _channel(entry["package"]["ecosystem"])
            for one in entry.get("ranges") or () if channel else ():
                fixed = [event["fixed"] for event in one["events"] if "fixed" in event]
                mapped = ((entry.get("database_specific") or {}).get("cves_map") or {}).get("cves") or ()
                for cve in {cve["id"].removeprefix("UBUNTU-") for cve in mapped} or _cves(record):
                    assert channel is not None
                    by_key[channel[1], entry["package"]["name"], cve].add((channel[0], fixed[0] if fixed else ""))
    clean = _vex(shared, "not_affected")
    for _, release, source, cve in clean:
        by_key.setdefault((release, source, cve), set())
    for place, release, source, cve in _vex(shared, "affected"):
        told = by_key[release, source, cve]
        if not place and not told:
            told.add((place, ""))
    for key, told in by_key.items():

        def judge(package: Package, key: Key = key, told: set[Told] = told) -> Verdict | None:
            version = package.source_version or package.version
            is_pro = package.pro or "esm" in version
            plain_row = any(not channel for channel, _ in told)
            if ("Pro" if is_pro else "", *key) in clean or (("Pro", *key) in clean and not plain_row):
                return Verdict("not_affected")
            if not told:
                return None
            if not order.valid("dpkg", version):
                return Verdict("unknown")
            plain = {fix for channel, fix in told if not channel}
            pro = {fix for channel, fix in told if channel}
            fixes = (plain | pro) if is_pro else (plain or pro)
            if any(fix and orders.compare("dpkg", version, fix) >= 0 for fix in fixes):
                return Verdict("fixed")
            return Verdict("affected", frozenset(fix for fix in fixes if fix))

        yield Row(
            feed="ubuntu",
            system=f"Ubuntu:{key[0]}",
            name=key[1],
            ids=(key[2],),
            judge=judge,
            bounds=tuple(fix for _, fix in told if fix),
        )
