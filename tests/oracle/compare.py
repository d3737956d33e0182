"""Gives packages to the product as an SBOM, runs its public command, and holds the answer against the reference."""

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from oracle.matcher import Reference
from oracle.rows import BAD, Package

TYPES: Final = {"PyPI": "pypi", "npm": "npm", "Maven": "maven", "Go": "golang", "crates.io": "cargo", "RubyGems": "gem",
                "NuGet": "nuget", "Packagist": "composer", "Hex": "hex", "Pub": "pub", "Bitnami": "bitnami"}  # fmt: skip
DISTROS: Final = {"Debian": "deb/debian", "Ubuntu": "deb/ubuntu", "Alpine": "apk/alpine", "Wolfi": "apk/wolfi",
                  "Chainguard": "apk/chainguard", "AlmaLinux": "rpm/almalinux", "Red Hat": "rpm/redhat",
                  "Azure Linux": "rpm/azurelinux", "CBL-Mariner": "rpm/mariner"}  # fmt: skip
_SHORT: Final = {"Red Hat": "rhel", "Azure Linux": "azurelinux", "CBL-Mariner": "mariner"}


class Difference(NamedTuple):
    """One vulnerability of one package on which the two do not agree."""

    package: Package
    ids: tuple[str, ...]
    expected: str
    actual: str


def distro(package: Package) -> str:
    """Return the `distro` qualifier of a package, empty for languages."""
    family, _, release = package.system.partition(":")
    if family not in DISTROS:
        return ""
    release = package.cpes[0].split(":")[4] if family == "Red Hat" else release.removeprefix("v") or "20230201"
    return f"{_SHORT.get(family, family.lower())}-{release}"


def purl(package: Package) -> str:
    """Return the package URL of a package, everything that the format needs in its qualifiers."""
    family = package.system.partition(":")[0]
    version, epoch = package.version, ""
    if family not in DISTROS:
        path = "/".join(quote(part, safe="") for part in package.name.replace(":", "/", family == "Maven").split("/"))
        return f"pkg:{TYPES[family]}/{path}@{quote(version, safe='')}"
    if DISTROS[family].startswith("rpm/") and ":" in version:
        epoch, _, version = version.partition(":")
    told = {
        "arch": package.arch,
        "distro": distro(package),
        "epoch": epoch,
        "rpmmod": package.module,
        "upstream": package.source if package.source != package.name else "",
    }
    tail = "&".join(f"{key}={quote(value, safe=':')}" for key, value in sorted(told.items()) if value)
    return f"pkg:{DISTROS[family]}/{quote(package.name, safe='')}@{quote(version, safe=':')}" + (
        f"?{tail}" if tail else ""
    )


def sbom(packages: Iterable[Package]) -> dict[str, Any]:
    """Return a CycloneDX document; the reference of each component is its place."""
    components = [
        {"type": "library", "bom-ref": str(place), "name": one.name, "version": one.version, "purl": purl(one)}
        for place, one in enumerate(packages)
    ]
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}


def run(command: Sequence[str]) -> None:
    """Run a public command, without any cache."""
    environ = {**os.environ, "TIDEWAITER_NO_CACHE": "1"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=900, env=environ)
    assert done.returncode in (0, 3), done.stderr


def scan(command: Sequence[str], image: str, database: Path, report: Path) -> dict[str, Any]:
    """Scan by the public command and return its report."""
    run([*command, "scan", image, "--db", str(database), "--format", "json", "--output", str(report)])
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def _like(kind: str, name: str, version: str) -> tuple[str, str, str]:
    """Return what stays of type, name and version however the product writes them."""
    return kind, name.lower(), version.removeprefix("0:")


def matched(packages: Sequence[Package], report: dict[str, Any]) -> Iterator[tuple[Package, list[dict[str, Any]]]]:
    """Return each package with what the report says of it; every one of them must be in the report."""
    purls: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in report["facts"]["packages"]:
        purls[_like(one["type"], one["name"], one["version"])].add(one["purl"])
    for package in packages:
        family = package.system.partition(":")[0]
        kind = TYPES.get(family) or DISTROS[family].partition("/")[0]
        mine = purls[_like(kind, package.name, package.version)]
        assert mine, f"{purl(package)} is not in the report"
        yield package, [one for one in report["facts"]["vulnerabilities"] if one["purl"] in mine]


def _is_unknown(package: Package, ids: frozenset[str], unknowns: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the report says that it could not compare the package's version."""
    texts = (f"`{package.version}`", f"`{package.version.removeprefix('0:')}`", f"`{package.source_version}`")
    return any("compared" in one["reason"] and any(text in one["reason"] for text in texts) for one in unknowns)


def differences(
    reference: Reference, package: Package, said: Sequence[dict[str, Any]], unknowns: Sequence[dict[str, Any]]
) -> list[Difference]:
    """Return where the report about one package and the reference disagree: presence, status, fixed version."""
    expected = [(ids, verdict) for ids, verdict in reference.verdicts(package).values() if verdict.status in BAD]
    found: list[Difference] = []
    used: set[int] = set()
    for ids, verdict in expected:
        same = [(place, one) for place, one in enumerate(said) if ids & {one["id"], *one["aliases"]}]
        used.update(place for place, _ in same)
        if not same and not (verdict.status == "unknown" and _is_unknown(package, ids, unknowns)):
            found.append(Difference(package, tuple(sorted(ids)), f"{verdict.status} {sorted(verdict.fixes)}", "absent"))
        for _, one in same:
            fixes = {fix.removeprefix("0:") for fix in verdict.fixes} or {""}
            if one["status"] != verdict.status or (one["fixed"] or "").removeprefix("0:") not in fixes:
                found.append(
                    Difference(
                        package,
                        tuple(sorted(ids)),
                        f"{verdict.status} {sorted(verdict.fixes)}",
                        f"{one['status']} {one['fixed']} ({one.get('match')})",
                    )
                )
    found += [
        Difference(
            package, (one["id"], *one["aliases"]), "absent", f"{one['status']} {one['fixed']} ({one.get('match')})"
        )
        for place, one in enumerate(said)
        if place not in used
    ]
    return found


def key(package: Package) -> tuple[str, str, str]:
    """Return type, name and version of a package."""
    return TYPES.get(package.system) or "deb", package.name, package.version


def inventory(report: dict[str, Any]) -> tuple[list[Package], dict[tuple[str, str, str], list[dict[str, Any]]]]:
    """Return the packages of an image's report, each once, and its vulnerabilities by type, name and version."""
    systems = {kind: system for system, kind in TYPES.items()}
    release = str(report["facts"]["image"].get("system", {}).get("version_id", ""))
    packages: dict[tuple[str, str, str], Package] = {}
    kinds: dict[str, tuple[str, str, str]] = {}
    for one in report["facts"]["packages"]:
        place = (one["type"], one["name"], one["version"])
        kinds[one["purl"]] = place
        system = systems.get(one["type"]) or f"Debian:{release}"
        packages.setdefault(
            place,
            Package(
                system=system,
                name=one["name"],
                version=one["version"],
                arch=one.get("arch", ""),
                source=one.get("source") or "",
                source_version=one.get("sourceVersion") or "",
            ),
        )
    said: defaultdict[tuple[str, str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for one in report["facts"]["vulnerabilities"]:
        said[kinds[one["purl"]]][one["id"]] = one
    return list(packages.values()), {place: list(every.values()) for place, every in said.items()}
