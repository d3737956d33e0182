"""AlmaLinux and Rocky (OSV), Azure Linux and Mariner (OVAL): binary packages, module streams, the highest fix counts."""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from oracle import order
from oracle.rows import Judge, Package, Row, Verdict, records
from oracle.tools import Orders

_STREAM: Final = re.compile(r"(?<!\S)(?!ALSA-)([^\s:]+:[^\s:,]+)(?=[\s,])")
Told = tuple[str, str]
"""Module stream (`?` = modular, stream not told; empty = none) and fixed version."""


def plain_hash(version: str) -> str:
    """Return a modular version without the context hash, which has no order."""
    return re.sub(r"(\.module[_+]el[\d.]+\+\d+)\+[0-9a-f]{8}", r"\1", version)


def _judge(told: set[Told], orders: Orders) -> Judge:
    def one(package: Package) -> Verdict | None:
        if not order.valid("rpm", package.version):
            return Verdict("unknown")
        modular = bool(package.module) or ".module" in package.version
        said = [(stream, fix) for stream, fix in told if bool(stream) == modular]
        if not said:
            return None
        if modular and not package.module:
            return Verdict("unknown")
        same = [fix for stream, fix in said if stream in ("", package.module)]
        if not same:
            return Verdict("unknown") if any(stream == "?" for stream, _ in said) else None
        version = plain_hash(package.version)
        above = [fix for fix in same if orders.compare("rpm", version, plain_hash(fix)) < 0]
        return Verdict("affected", frozenset(above)) if above else Verdict("fixed")

    return one


def alma(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return one row per release, binary package and CVE; notices that name none and are not for security are left out."""
    by_key: defaultdict[tuple[str, str, str], set[Told]] = defaultdict(set)
    for record in records(shared / "advisories/almalinux-osv.jsonl.gz"):
        cves = record["related"] or ([record["id"]] if record["id"].startswith("ALSA") else [])
        streams = _STREAM.findall(record["summary"]) or ["?"]
        for entry in record["affected"]:
            for fix in (event["fixed"] for one in entry["ranges"] for event in one["events"] if "fixed" in event):
                for stream in streams if ".module" in fix else [""]:
                    for cve in cves:
                        by_key[entry["package"]["ecosystem"], entry["package"]["name"], cve].add((stream, fix))
    for (system, name, cve), told in by_key.items():
        yield Row(
            feed="almalinux-osv",
            system=system,
            name=name,
            ids=(cve,),
            judge=_judge(told, orders),
            bounds=tuple(fix for _, fix in told),
            hints=tuple((fix, stream) for stream, fix in told),
        )


def _parts(element: ET.Element, name: str) -> list[ET.Element]:
    """Return every element below by its name without namespace."""
    return [one for one in element.iter() if one.tag.rpartition("}")[2] == name]


def _oval(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Return (CVE, name, operation, version) of each test of each definition."""
    if not path.exists():
        return
    root = ET.fromstring(gzip.decompress(path.read_bytes()))
    parts = {element.get("id") or "": element for element in root.iter() if element.get("id")}
    for definition in _parts(root, "definition"):
        state = _parts(definition, "patchable")
        applies = not state or (state[0].text or "").lower() != "not applicable"
        cves = [one.get("ref_id") or "" for one in _parts(definition, "reference") if one.get("source") == "CVE"]
        for criterion in _parts(definition, "criterion"):
            test = parts[criterion.get("test_ref") or ""]
            subject = parts[_parts(test, "object")[0].get("object_ref") or ""]
            evr = _parts(parts[_parts(test, "state")[0].get("state_ref") or ""], "evr")[0]
            for cve in cves:
                word = evr.get("operation") or ""
                yield cve, _parts(subject, "name")[0].text or "", word if applies else f"never {word}", evr.text or ""


def azure(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return one row per release, package and CVE of Microsoft's OVAL files."""
    for name, system in (("azurelinux-3.0", "Azure Linux:3.0"), ("cbl-mariner-1.0", "CBL-Mariner:1.0")):
        by_key: defaultdict[tuple[str, str], set[Told]] = defaultdict(set)
        for cve, package, operation, version in _oval(shared / f"advisories/{name}-oval.xml.gz"):
            if operation in ("less than", "less than or equal", "never less than"):
                by_key[package, cve].add((operation, version))
        for (package, cve), told in by_key.items():

            def judge(one: Package, told: set[Told] = told) -> Verdict:
                if any(re.search(r"\s", version.strip()) for _, version in told):
                    return Verdict("unknown")
                sides = [
                    (orders.compare("rpm", one.version, version), operation, version) for operation, version in told
                ]
                if all(operation.startswith("never") for _, operation, _ in sides):
                    return Verdict("unknown" if any(side < 0 for side, _, _ in sides) else "not_affected")
                if any(side < 0 or (side == 0 and operation == "less than or equal") for side, operation, _ in sides):
                    return Verdict(
                        "affected",
                        frozenset(
                            version for side, operation, version in sides if side < 0 and operation == "less than"
                        ),
                    )
                return Verdict("fixed")

            yield Row(
                feed=name,
                system=system,
                name=package,
                ids=(cve,),
                judge=judge,
                bounds=tuple(version for _, version in told),
            )
