"""Draws packages around the bounds that the advisories name: at, just below and just above them, and odd spellings."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from oracle import order
from oracle.matcher import Reference
from oracle.osv import KINDS
from oracle.rows import Package, Row

LOWER: Final = {"bitnami": "-0", "dpkg": "~", "rpm": "~1", "apk": "_pre1", "semver": "-0", "pub": "-0", "nuget": "-a", "pypi": ".dev1",
                "gem": ".pre", "maven": "-SNAPSHOT", "composer": "-beta1"}  # fmt: skip
UPPER: Final = {"bitnami": "-3", "dpkg": "+b1", "rpm": ".1", "apk": "_p1", "semver": "+build.5", "pub": "+7", "nuget": ".0.1", "pypi": ".post1",
                "gem": ".1", "maven": "-1", "composer": ".1"}  # fmt: skip
ODD: Final = {"bitnami": "v{}", "dpkg": "0:{}", "rpm": "0:{}", "apk": "{}-r0", "semver": "v{}", "pub": "{}+1", "nuget": "{}.0", "pypi": "V{}.0",
              "gem": "{}.0", "maven": "{}.Final", "composer": "v{}"}  # fmt: skip
SYSTEMS: Final = {"Debian": "dpkg", "Ubuntu": "dpkg", "Alpine": "apk", "Wolfi": "apk", "Chainguard": "apk"}


def kind(system: str) -> str:
    """Return the order of a system's versions."""
    return KINDS.get(system) or SYSTEMS.get(system.partition(":")[0]) or "rpm"


def _step(version: str, by: int) -> str:
    """Return the version with its last number one higher or lower."""
    found = list(re.finditer(r"(?<![a-z0-9])\d+(?![a-f0-9]{6})", version))
    if not found or int(found[-1].group()) + by < 0:
        return version
    last = found[-1]
    return f"{version[: last.start()]}{int(last.group()) + by}{version[last.end() :]}"


def around_apk(chance: random.Random, head: str, release: str) -> str:
    """Return one version at or near `head-rN`."""
    near = [f"-r{release}"] * 3 + [
        f"-r{int(release) + by}" for by in (1, -1) if release.isdigit() and int(release) + by >= 0
    ]
    return chance.choice(
        [head, head, _step(head, -1), _step(head, 1), head + "_pre1", head + "_p1", head + ".1"]
    ) + chance.choice(near)


def around(chance: random.Random, system: str, bound: str) -> str:
    """Return one version at or near a bound."""
    which = kind(system)
    head, dash, tail = bound.rpartition("-r") if which == "apk" else (bound, "", "")
    if dash:
        return around_apk(chance, head, tail)
    return chance.choice([
        bound, bound, _step(bound, -1), _step(bound, -1), _step(bound, 1), bound + LOWER[which], bound + UPPER[which],
        _step(bound, -1) + UPPER[which], bound if ":" in bound else ODD[which].format(bound),
    ])  # fmt: skip


def _red_hat(chance: random.Random, row: Row, version: str) -> Package:
    """Return a package of RHEL 7 to 9 as its default repositories have it."""
    found = re.search(r"el(\d)", version)
    major = found[1] if found else chance.choice("789")
    parts = {"7": ("o::server",)}.get(major, ("o::baseos", "a::appstream"))
    cpes = tuple(f"cpe:/{part[0]}:redhat:enterprise_linux:{major}{part[1:]}" for part in parts)
    modules = [
        module for told, module in row.hints if told.partition(".module")[2][:5] == version.partition(".module")[2][:5]
    ]
    module = chance.choice(modules) if modules and ".module" in version else ""
    return Package(system="Red Hat", name=row.name, version=version, arch="x86_64", cpes=cpes, module=module)


def package(chance: random.Random, row: Row) -> Package:
    """Return a package that a row may concern."""
    bounds = [bound for bound in row.bounds if order.valid(kind(row.system), bound)]
    bounds = [bound for bound in bounds if bound != "0"]
    version = around(chance, row.system, chance.choice(bounds)) if bounds else "1.2.3"
    if row.system == "Red Hat":
        return _red_hat(chance, row, version)
    if row.system.partition(":")[0] in SYSTEMS:
        name = f"lib{row.name}-x" if chance.random() < 0.5 else row.name
        return Package(system=row.system, name=name, version=version, source=row.name)
    streams = [stream for fix, stream in row.hints if ".module" in version and stream not in ("", "?")]
    module = chance.choice([*streams, "", "other:1"]) if streams else ""
    return Package(
        system=row.system, name=row.name, version=version, module=module, arch="x86_64" if ":" in row.system else ""
    )


def draw(reference: Reference, seed: int, per_system: int) -> Iterator[Package]:
    """Return packages of every system, each (name, version) once."""
    chance = random.Random(seed)
    by_system: defaultdict[str, list[Row]] = defaultdict(list)
    for (system, name), rows in sorted(reference.by_name.items()):
        if system == "npm" and not name.islower():
            continue  # a package URL has no capitals for npm, so an SBOM cannot name these old packages by it
        # A bound that its own ecosystem refuses ("kernel-image-2.4.17-ia64", "1.0.beta.3") has no agreed meaning.
        strict = kind(system) not in ("apk", "pypi", "bitnami", "rpm")
        clear = all(bound in ("", "0") or order.valid(kind(system), bound) for row in rows for bound in row.bounds)
        by_system[system] += rows if clear or not strict else ()
    for _, rows in sorted(by_system.items()):
        seen: set[tuple[str, str]] = set()
        for _ in range(per_system * 3):
            one = package(chance, chance.choice(rows))
            if (one.name, one.version) not in seen and len(seen) < per_system:
                seen.add((one.name, one.version))
                yield one
