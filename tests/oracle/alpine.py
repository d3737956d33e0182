"""Alpine, Wolfi and Chainguard: secdb lists the version that repairs; below the highest key is affected, `0` never."""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from oracle import order
from oracle.rows import Package, Row, Verdict, document, records
from oracle.tools import Orders

TOKENS: Final = re.compile(
    r"CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|XSA-\d+|GNUTLS-SA-[\d-]+|TALOS-[\d-]+|ZDI-CAN-\d+|VSV\d+|TS-[\d-]+"
    r"|ALPINE-\d+|DW[\d-]+|RUSTSEC-[\d-]+|GHSL-[\d-]+|YSA-[\d-]+"
)
Key = tuple[str, str, tuple[str, ...]]


def _ids(text: str) -> Iterator[tuple[str, ...]]:
    """Return the ids of one entry: each CVE with the others beside it, or each of the others alone."""
    found = [one for one in text.split() if TOKENS.fullmatch(one)]
    cves = [one for one in found if one.startswith("CVE-")]
    others = [one for one in found if not one.startswith("CVE-")]
    for one in cves or others:
        yield (one, *others) if len(cves) == 1 else (one,)


def _old(path: Path) -> Iterator[tuple[str, dict[str, list[str]], str]]:
    """Return what a document of the form until 2020 tells; it is plain enough for a walk over its lines."""
    name, version = "", ""
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        if found := re.fullmatch(r"\s+name: (\S+)", line):
            name = found[1]
        elif found := re.fullmatch(r"\s{6,}([^\s-]\S*):\s*", line):
            version = found[1].strip("'\"") if found[1] != "secfixes" else ""
        elif (found := re.fullmatch(r"\s{6,}- (\S.*)", line)) and version:
            yield f"Alpine:{path.parent.name}", {version: [found[1].strip("'\"")]}, name


def _lists(shared: Path) -> Iterator[tuple[str, dict[str, list[str]], str]]:
    """Return system, `secfixes` and origin of every list."""
    feeds = shared / "feeds"
    for path in sorted(feeds.glob("alpine/secdb/*/*.json.gz")):
        for entry in document(path)["packages"]:
            yield f"Alpine:{path.parent.name}", entry["pkg"]["secfixes"], entry["pkg"]["name"]
    for path in sorted(feeds.glob("alpine/secdb-old-yaml/*/*.yaml.gz")):
        yield from _old(path)
    for record in records(shared / "advisories/alpine-secfixes-2025.jsonl.gz"):
        yield f"Alpine:{record['distroversion']}", record["secfixes"], record["pkg"]
    for system, names in (
        ("Wolfi", ("wolfi/security.json", "wolfi/security-2022.json")),
        ("Chainguard", ("chainguard/security.json", "chainguard/security-2025.json")),
    ):
        for name in names:
            for entry in document(feeds / name).get("packages", ()):
                yield system, entry["pkg"]["secfixes"], entry["pkg"]["name"]


def _osv(shared: Path) -> Iterator[tuple[Key, str]]:
    feeds = shared / "feeds"
    paths = sorted(path for path in feeds.glob("chainguard/osv/CGA-*.json"))
    every: list[dict[str, Any]] = [*records(feeds / "alpine/osv-alpine.jsonl.gz"), *(document(path) for path in paths)]
    for record in every:
        for entry in () if record.get("withdrawn") else record.get("affected") or ():
            named = [*(record.get("upstream") or ()), record["id"].removeprefix("ALPINE-")]
            for cve in sorted({one for one in named if one.startswith("CVE-")}):
                for found in entry.get("ranges") or ():
                    fixed = [event["fixed"] for event in found["events"] if "fixed" in event]
                    yield (entry["package"]["ecosystem"], entry["package"]["name"], (cve,)), fixed[0] if fixed else ""


def rows(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return one row per branch, origin and vulnerability."""
    by_key: defaultdict[Key, set[str]] = defaultdict(set)
    for system, secfixes, origin in _lists(shared):
        for version, texts in (secfixes or {}).items():
            for text in texts or ():
                for ids in _ids(text):
                    by_key[system, origin, ids].add(version)
    for key, version in _osv(shared):
        by_key[key].add(version)
    for (system, origin, ids), versions in by_key.items():

        def judge(package: Package, versions: set[str] = versions) -> Verdict:
            version = package.source_version or package.version
            if not order.valid("apk", version):
                return Verdict("unknown")
            fixes = [one for one in versions if one not in ("0", "")]
            if "" in versions:
                return Verdict("affected")
            above = [one for one in fixes if order.valid("apk", one) and orders.compare("apk", version, one) < 0]
            if above:
                return Verdict("affected", frozenset(above))
            if any(not order.valid("apk", one) for one in fixes):
                return Verdict("unknown")
            return Verdict("fixed" if fixes else "not_affected")

        yield Row(feed="alpine", system=system, name=origin, ids=ids, judge=judge, bounds=tuple(versions - {"0", ""}))
