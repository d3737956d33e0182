"""Debian's rows: the tracker, OSV, the notices of the security and LTS teams, and the facts from changelogs.

Key: release and source package; the source version is compared. Where the tracker speaks, it decides; then OSV; the
notices and changelogs only know fixes, the highest of which counts.
"""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from oracle import order
from oracle.rows import Package, Row, Verdict, document, records
from oracle.tools import Orders

CODENAMES: Final = {
    "woody": "3.0", "sarge": "3.1", "etch": "4", "lenny": "5", "squeeze": "6", "wheezy": "7", "jessie": "8",
    "stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14", "sid": "sid",
}  # fmt: skip
Key = tuple[str, str, str]
Told = tuple[int, str, str]
"""Rank of the source, status (`below` = affected below the version), version."""


def _tracker(shared: Path) -> Iterator[tuple[Key, Told]]:
    for name in ("data.json", "synthetic-statuses.json"):
        for source, told in document(shared / "feeds/debian" / name).items():
            for cve, entry in told.items():
                releases = entry["releases"] or {}
                for codename, state in releases.items() if isinstance(releases, dict) else ():
                    yield (CODENAMES[codename], source, cve), (0, *_state(state, releases.get("sid") or {}))


def _state(state: dict[str, Any], sid: dict[str, Any]) -> tuple[str, str]:
    if state["status"] == "resolved":
        return ("not_affected", "") if state["fixed_version"] == "0" else ("below", state["fixed_version"])
    if state["status"] == "undetermined":
        return "unknown", ""
    if state.get("urgency") == "end-of-life":
        return "end_of_life", ""
    archive = max((str(value) for value in state.get("repositories", {}).values()), default="")
    if (
        "nodsa" in state
        and sid.get("fixed_version") not in (None, "0")
        and order.dpkg(archive, sid["fixed_version"]) >= 0
    ):
        return "below", sid["fixed_version"]
    return {"ignored": "will_not_fix", "postponed": "fix_deferred"}.get(state.get("nodsa_reason") or "", "affected"), ""


def _osv(shared: Path) -> Iterator[tuple[Key, Told]]:
    for record in records(shared / "feeds/debian/osv-debian.jsonl.gz"):
        if record.get("withdrawn"):
            continue
        for entry in record["affected"]:
            release = entry["package"]["ecosystem"].partition(":")[2]
            fixed = [event["fixed"] for one in entry["ranges"] for event in one["events"] if "fixed" in event]
            end = (entry.get("ecosystem_specific") or {}).get("urgency") == "end-of-life"
            told = ("below", fixed[0]) if fixed else ("end_of_life" if end else "affected", "")
            for cve in record.get("upstream") or [record["id"]]:
                yield (release, entry["package"]["name"], cve), (1, *told)


def _notices(shared: Path) -> Iterator[tuple[Key, Told]]:
    for name in ("DSA-list.gz", "DLA-list.gz"):
        path = shared / "feeds/debian" / name
        text = gzip.decompress(path.read_bytes() if path.exists() else gzip.compress(b"")).decode(errors="replace")
        for notice in re.split(r"\n(?=\[)", text):
            ids = [one for group in re.findall(r"^\s+\{([^}]*)\}", notice, re.MULTILINE) for one in group.split()]
            head = re.match(r"\[[^\]]*\] (\S+)", notice)
            for codename, source, version in re.findall(r"^\s+\[(\w+)\] - (\S+) (\S+)", notice, re.MULTILINE):
                for one in ids or ([head[1]] if head else []):
                    if version == "<not-affected>":
                        yield (CODENAMES[codename], source, one), (2, "not_affected", "")
                    elif version == "<end-of-life>":
                        yield (CODENAMES[codename], source, one), (2, "end_of_life", "")
                    elif version == "<unfixed>":
                        yield (CODENAMES[codename], source, one), (2, "affected", "")
                    elif not version.startswith("<"):
                        yield (CODENAMES[codename], source, one), (2, "below", version)


def _changelogs(shared: Path) -> Iterator[tuple[Key, Told]]:
    for path in sorted((shared / "advisories/debian-derived").glob("*.jsonl.gz")):
        for record in records(path):
            key = (record["ecosystem"].partition(":")[2], record["source"], record["cve"])
            yield key, (2, "below", record["fixed"])


def rows(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return one row per release, source package and CVE."""
    by_key: defaultdict[Key, list[Told]] = defaultdict(list)
    for reader in (_tracker, _osv, _notices, _changelogs):
        for key, told in reader(shared):
            by_key[key].append(told)
    for (release, source, cve), every in by_key.items():
        best = [told for told in every if told[0] == min(one[0] for one in every)]

        def judge(package: Package, best: list[Told] = best) -> Verdict:
            version = package.source_version or package.version
            stated = [status for _, status, _ in best if status != "below"]
            if stated:
                return Verdict(stated[0])
            if not order.valid("dpkg", version):
                return Verdict("unknown")
            if not all(order.valid("dpkg", fix) for _, _, fix in best):
                return Verdict("unknown")
            above = [fix for _, _, fix in best if orders.compare("dpkg", version, fix) < 0]
            return Verdict("affected", frozenset(above)) if above else Verdict("fixed")

        yield Row(
            feed="debian",
            system=f"Debian:{release}",
            name=source,
            ids=(cve,),
            judge=judge,
            bounds=tuple(fix for _, _, fix in best if fix),
        )
