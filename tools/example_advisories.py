"""Cut the advisory facts of `examples/shop/advisories` from whole feeds.

Kept are facts only: id, aliases, dates, package, interval and fixed version, CVSS vector, the KEV entry's dates, EPSS.
Left out is every sentence, credit and address. Wanted are the packages of the shop (its lock files, its images'
package tables) and of the lock files given with `--lock`. The same input gives the same bytes.

    python tools/example_advisories.py --osv pypi.jsonl.gz --osv npm.jsonl.gz --debian debian12.jsonl.gz \
        --kev kev.json.gz --epss epss.csv.gz --cvss vulnrichment.jsonl.gz --lock requirements/dev.txt

Any input may be gzipped. Forms: OSV records one a line; `{ecosystem, source, cve, fixed, dist, date}` one a line; the
KEV catalogue; `cve,epss,percentile`; `{id, cvss: {cvssV3_1}}` one a line.
"""

import argparse
import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MOST_BYTES = 500_000
DEBIAN = "Debian:12"
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
CVE = re.compile(r"CVE-\d{4}-\d+")
# What python3 -m venv puts into an environment although no lock names it.
VENV = frozenset({"pip", "setuptools"})


@dataclass(frozen=True)
class Wanted:
    """Names of packages, by ecosystem."""

    pypi: frozenset[str]
    npm: frozenset[str]
    debian: frozenset[str]

    def __contains__(self, package: object) -> bool:
        if not isinstance(package, Mapping):
            return False
        names = {"PyPI": self.pypi, "npm": self.npm}.get(package.get("ecosystem", ""), frozenset())
        name = package.get("name", "")
        return (_python_name(name) if package["ecosystem"] == "PyPI" else name) in names


def main() -> int:
    """Write the files and say how large they are; 1 when they are larger than an example may be."""
    arguments = _arguments()
    wanted = _wanted(arguments.shop, arguments.lock)
    osv = sorted(_osv(_records(arguments.osv), wanted), key=lambda record: record["id"])
    debian = sorted(
        (_debian(row) for row in _records(arguments.debian) if row["source"] in wanted.debian),
        key=lambda row: (row["source"], row["cve"], row["fixed"]),
    )
    cves = {row["cve"] for row in debian} | {id_ for record in osv for id_ in _ids(record) if CVE.fullmatch(id_)}
    files = {
        "osv-pypi.jsonl": _lines(record for record in osv if _ecosystem(record) == "PyPI"),
        "osv-npm.jsonl": _lines(record for record in osv if _ecosystem(record) == "npm"),
        "osv-cve.jsonl": _lines(_vectors(_records(arguments.cvss), osv, debian)),
        "debian-12.jsonl": _lines(debian),
        "kev.json": _kev(arguments.kev, cves),
        "epss.csv": _epss(arguments.epss, cves),
    }
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (arguments.output / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.encode()):,} bytes, {text.count(chr(10)):,} lines")
    total = sum(path.stat().st_size for path in arguments.output.iterdir())
    print(f"{total:,} of {MOST_BYTES:,} bytes")
    return int(total > MOST_BYTES)


def _wanted(shop: Path, locks: Iterable[Path]) -> Wanted:
    pins = [*shop.rglob("requirements.txt"), shop / "image" / "base-wheels.txt", *locks]
    pypi = {_python_name(name) for path in pins for name in PIN.findall(path.read_text(encoding="utf-8"))}
    npm: set[str] = set()
    for path in shop.rglob("package-lock.json"):
        packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
        npm |= {place.rpartition("node_modules/")[2] for place in packages if place}
    debian: set[str] = set()
    for path in sorted((shop / "image").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream, delimiter="\t")
            debian |= {row["source"].partition(" ")[0] or row["name"] for row in rows}
    return Wanted(pypi=frozenset(pypi | VENV), npm=frozenset(npm), debian=frozenset(debian))


def _osv(records: Iterable[dict[str, Any]], wanted: Wanted) -> Iterator[dict[str, Any]]:
    for record in records:
        affected = [_affected(entry) for entry in record.get("affected", ()) if entry.get("package") in wanted]
        if not affected or record.get("withdrawn"):
            continue
        facts = {"id": record["id"]} | {
            key: record[key].replace(" ", "T")
            for key in ("published", "modified")
            if key in record  # RFC 3339, as OSV says
        }
        facts["aliases"] = sorted(
            id_ for id_ in record.get("aliases") or () if id_.startswith(("CVE-", "GHSA-", "PYSEC-", "MAL-"))
        )
        severity = [{"type": entry["type"], "score": entry["score"]} for entry in record.get("severity") or ()]
        if severity:
            facts["severity"] = severity
        if level := (record.get("database_specific") or {}).get("severity"):
            facts["database_specific"] = {"severity": level}
        yield facts | {"affected": affected}


def _affected(entry: Mapping[str, Any]) -> dict[str, Any]:
    package = {key: entry["package"][key] for key in ("ecosystem", "name")}
    ranges = [
        {"type": one["type"], "events": one["events"]} for one in entry.get("ranges") or () if one["type"] != "GIT"
    ]
    facts: dict[str, Any] = {"package": package}
    if ranges:
        facts["ranges"] = ranges
    else:
        facts["versions"] = entry.get("versions") or []
    if last := (entry.get("database_specific") or {}).get("last_known_affected_version_range"):
        facts["database_specific"] = {"last_known_affected_version_range": last}
    return facts


def _debian(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("ecosystem", "source", "cve", "fixed", "dist", "date")}


def _vectors(
    records: Iterable[dict[str, Any]], osv: Iterable[Mapping[str, Any]], debian: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield one OSV record per CVE that has a vector only here, with the intervals that the other files give it."""
    affected: dict[str, list[Any]] = {}
    for record in osv:
        if "severity" not in record:
            for cve in filter(CVE.fullmatch, _ids(record)):
                affected.setdefault(cve, []).extend(record["affected"])
    for row in debian:
        package = {"ecosystem": row["ecosystem"], "name": row["source"]}
        events = [{"introduced": "0"}, {"fixed": row["fixed"]}]
        ranges = [{"type": "ECOSYSTEM", "events": events}]
        affected.setdefault(row["cve"], []).append({"package": package, "ranges": ranges})
    for record in sorted(records, key=lambda record: str(record["id"])):
        vector = record.get("cvss", {}).get("cvssV3_1")
        if vector and record["id"] in affected:
            severity = [{"type": "CVSS_V3", "score": vector}]
            yield {"id": record["id"], "severity": severity, "affected": affected[record["id"]]}


def _kev(path: Path, cves: set[str]) -> str:
    catalogue = json.loads(_text(path))
    keys = ("cveID", "dateAdded", "dueDate", "knownRansomwareCampaignUse")
    entries = [
        {key: entry[key] for key in keys if key in entry}
        for entry in catalogue["vulnerabilities"]
        if entry["cveID"] in cves
    ]
    entries.sort(key=lambda entry: str(entry["cveID"]))
    head = {key: catalogue[key] for key in ("catalogVersion", "dateReleased") if key in catalogue}
    return json.dumps(head | {"count": len(entries), "vulnerabilities": entries}, indent=1) + "\n"


def _epss(path: Path, cves: set[str]) -> str:
    lines = _text(path).splitlines()
    kept = [line for line in lines if line.partition(",")[0] in cves]
    head = [line for line in lines[:2] if line.startswith(("#", "cve,"))]
    return "\n".join([*head, *sorted(kept)]) + "\n"


def _ids(record: Mapping[str, Any]) -> list[str]:
    return [record["id"], *record["aliases"]]


def _ecosystem(record: Mapping[str, Any]) -> str:
    return str(record["affected"][0]["package"]["ecosystem"])


def _python_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _records(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        yield from (json.loads(line) for line in io.StringIO(_text(path)) if line.strip())


def _text(path: Path) -> str:
    body = path.read_bytes()
    return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()


def _lines(records: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n" for record in records)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Cut the advisory facts of the example from whole feeds.")
    for name in ("osv", "debian", "cvss", "lock"):
        parser.add_argument(f"--{name}", type=Path, action="append", default=[], metavar="FILE")
    for name in ("kev", "epss"):
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="FILE")
    parser.add_argument("--shop", type=Path, default=ROOT / "examples" / "shop", metavar="DIR")
    parser.add_argument("--output", type=Path, default=ROOT / "examples" / "shop" / "advisories", metavar="DIR")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
