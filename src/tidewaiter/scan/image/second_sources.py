"""Packages that a second source repeats: ELF notes, vendors' SBOMs and marks in programs beside a database of packages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tidewaiter.core.model.package import Package

_MODULES: Final = "node_modules/"
_DATABASES: Final = frozenset({"deb", "rpm", "apk", "alpm", "bitnami", "generic"})
"""Types of which a second source may speak; a guess about a Java archive is a package of its own."""


def without_repeats(packages: Iterable[Package], owners: Mapping[str, str]) -> list[Package]:
    """Return the packages without guesses that a database answers: of the same package, or about a file it owns.

    A program or runtime (type `generic`) whose file is owned is the database's package even if it is no guess.

    `owners` maps paths to OS packages. A guess in another version stays: then a file did not come from the database's
    package. Of several equal guesses the first stays.
    """
    held = list(packages)
    known = {key for package in held if not package.is_guess for key in _keys(package)}
    found: list[Package] = []
    for package in held:
        file = package.location.file if package.location else None
        if package.type == "generic" and file in owners:
            continue
        if package.is_guess and package.type in _DATABASES:
            keys = _keys(package)
            if known.intersection(keys) or file in owners:
                continue
            known.update(keys)
        found.append(package)
    return found


def without_strays(packages: Sequence[Package]) -> list[Package]:
    """Return the packages without descriptions of npm applications beside which no package is installed.

    Such a `package.json` is a template, test data or a source that was copied along, and not what runs.
    """
    folders: set[str] = set()
    for package in packages:
        file = package.location.file if package.location else None
        if package.type == "npm" and file and not package.is_main:
            folders.add(file.partition(_MODULES)[0] if file.startswith(_MODULES) else file.partition(f"/{_MODULES}")[0])
    return [one for one in packages if not (one.type == "npm" and one.is_main) or _folder(one) in folders]


def _folder(package: Package) -> str:
    file = (package.location.file if package.location else None) or ""
    return file.rpartition("/")[0]


def _keys(package: Package) -> set[tuple[str, str, str]]:
    """Return type, name and version of the package and of its source, epochs left out as notes leave them out."""
    pairs = ((package.name, package.version), package.source)
    return {(package.type, name, version.rpartition(":")[2]) for name, version in pairs}
