"""OSV records of language ecosystems, evaluated as ossf/osv-schema tells, with the bound that GitHub adds."""

import json
import re
import zipfile
from collections.abc import Iterator
from functools import cmp_to_key
from pathlib import Path
from typing import Any, Final

from oracle import order
from oracle.rows import Judge, Package, Row, Verdict, document, records
from oracle.tools import Orders

KINDS: Final = {
    "PyPI": "pypi",
    "npm": "semver",
    "Maven": "maven",
    "Go": "semver",
    "crates.io": "semver",
    "RubyGems": "gem",
    "NuGet": "nuget",
    "Packagist": "composer",
    "Hex": "semver",
    "Pub": "pub",
    "Bitnami": "bitnami",
}


def normal(system: str, name: str) -> str:
    """Return the name as its ecosystem compares it."""
    if system == "PyPI":
        return re.sub(r"[-_.]+", "-", name).lower()
    return name.lower() if system in ("NuGet", "Packagist", "Hex") else name


def _in_range(
    events: list[dict[str, str]], version: str, kind: str, orders: Orders
) -> tuple[bool, frozenset[str], bool]:
    """Return whether the version is in, the next fix above it, and whether a fix lies at or below it."""

    def compare(a: str, b: str) -> int:
        if "0" in (a, b):
            return (a != "0") - (b != "0")
        return orders.compare(kind, a, b)

    def by_version(one: tuple[str, str], other: tuple[str, str]) -> int:
        return compare(one[1], other[1])

    flat = sorted(((word, value) for event in events for word, value in event.items()), key=cmp_to_key(by_version))
    inside = past = False
    fixes: list[str] = []
    for word, value in flat:
        side = -1 if value == "0" else compare(value, version)
        if kind == "bitnami" and word == "last_affected" and re.fullmatch(re.escape(value) + r"-\d+", version):
            side = 0  # a later build of the same version
        if word == "introduced" and side <= 0:
            inside = True
        elif word == "fixed" and side <= 0:
            inside, past = False, True
        elif (word == "last_affected" and side < 0) or (word == "limit" and side <= 0):
            inside = False
        elif word == "fixed":
            fixes.append(value)
    return inside, frozenset(fixes[:1]), past


def _bounded(entry: dict[str, Any], events: list[dict[str, str]], version: str, kind: str, orders: Orders) -> bool:
    """Tell whether GitHub's own bound puts the version outside an otherwise open range."""
    bound = (entry.get("database_specific") or {}).get("last_known_affected_version_range") or ""
    found = re.fullmatch(r"\s*(<=?)\s*(\S+)\s*", bound)
    if not found or any("fixed" in event or "last_affected" in event for event in events):
        return False
    side = orders.compare(kind, version, found[2])
    return side > 0 or (side == 0 and found[1] == "<")


def judge(entries: list[dict[str, Any]], kind: str, orders: Orders) -> Judge:
    """Return what a record's entries about one package say."""

    def one(package: Package) -> Verdict | None:
        version = package.version
        every = any(
            found["events"] == [{"introduced": "0"}]
            and found["type"] != "GIT"
            and not (entry.get("database_specific") or {}).get("last_known_affected_version_range")
            for entry in entries
            for found in entry.get("ranges") or ()
        )
        if not order.valid(kind, version) and not every:
            listed = any(version in (entry.get("versions") or ()) for entry in entries)
            return Verdict("affected" if listed else "unknown")
        fixes: frozenset[str] = frozenset()
        hit = past = said = sure = False
        for entry in entries:
            ranges = [found for found in entry.get("ranges") or () if found["type"] != "GIT"]
            said = said or bool(ranges or entry.get("versions"))
            outside = now = False
            custom = bool((entry.get("ecosystem_specific") or {}).get("custom_ranges"))
            for found in ranges:
                if not all(
                    value == "0" or order.valid(kind, value) or kind == "pypi"
                    for event in found["events"]
                    for value in event.values()
                ):
                    return Verdict("unknown")
                inside, after, before = _in_range(found["events"], version, kind, orders)
                past = past or before
                if inside and _bounded(entry, found["events"], version, kind, orders):
                    outside, inside = True, False
                now = now or inside
                fixes |= after if inside else frozenset()
            listed = any(
                version == other or _same(kind, version, other, orders) for other in entry.get("versions") or ()
            )
            now = now or (listed and not outside)
            hit, sure = hit or now, sure or (now and not custom)
        if not said:
            return None
        return (
            Verdict("affected" if sure or fixes else "under_investigation", fixes)
            if hit
            else Verdict("fixed" if past else "not_affected")
        )

    return one


def _same(kind: str, one: str, other: str, orders: Orders) -> bool:
    return order.valid(kind, other) and orders.compare(kind, one, other) == 0


def rows(record: dict[str, Any], feed: str, orders: Orders) -> Iterator[Row]:
    """Return a row per package that the record names in a known language ecosystem."""
    if record.get("withdrawn") or not record.get("id"):
        return
    by_package: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in record.get("affected") or ():
        named = entry.get("package") or {}
        if named.get("ecosystem") in KINDS:
            key = (named["ecosystem"], normal(named["ecosystem"], named["name"]))
            by_package.setdefault(key, []).append(entry)
    ids = (record["id"], *(record.get("aliases") or ()))
    for (system, name), entries in by_package.items():
        bounds = [
            value
            for entry in entries
            for found in entry.get("ranges") or ()
            if found["type"] != "GIT"
            for event in found["events"]
            for value in event.values()
        ]
        bounds += [
            found[1]
            for entry in entries
            if (
                found := re.search(
                    r"([^\s<=]+)\s*$",
                    str((entry.get("database_specific") or {}).get("last_known_affected_version_range") or ""),
                )
            )
        ]
        bounds += [version for entry in entries for version in (entry.get("versions") or ())[:3]]
        yield Row(
            feed=feed,
            system=system,
            name=name,
            ids=ids,
            judge=judge(entries, KINDS[system], orders),
            bounds=tuple(bounds),
        )


FILES: Final = ("pypi-osv", "go-osv", "crates-osv", "ghsa-npm-maven-osv", "bitnami-osv")


def newest(shared: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return every record once: of several copies the one modified last."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for feed, record in documents(shared):
        known = found.get(record.get("id") or "")
        if known is None or str(record.get("modified") or "") > str(known[1].get("modified") or ""):
            found[record.get("id") or ""] = feed, record
    return list(found.values())


def documents(shared: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every copy of every OSV record that can be about a language package."""
    for name in FILES:
        for record in records(shared / f"advisories/{name}.jsonl.gz"):
            yield name, record
    feeds = shared / "feeds"
    for path in (*sorted(feeds.glob("ghsa/osv-export/*.jsonl.gz")), feeds / "malicious/osv-export-mal.jsonl.gz"):
        for record in records(path):
            yield path.name, record
    for path in (*sorted(feeds.glob("ghsa/original/**/*.json")), *sorted(feeds.glob("malicious/osv/**/*.json"))):
        yield path.name, document(path)
    for path in sorted(feeds.glob("osv-export/*.zip")):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if member.endswith(".json"):
                    yield path.name, json.loads(archive.read(member))
