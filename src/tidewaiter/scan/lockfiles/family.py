"""The members of the family `lockfiles`, and which of them reads a path."""

from typing import Final

from tidewaiter.scan.lockfiles import (
    bun_lock,
    cargo_lock,
    composer_lock,
    conan_lock,
    deno_lock,
    directory_packages_props,
    gemfile_lock,
    go_mod,
    gradle_lockfile,
    mix_lock,
    package_lock,
    package_resolved,
    packages_config,
    packages_lock_json,
    pdm_lock,
    pipfile_lock,
    pnpm_lock,
    podfile_lock,
    poetry_lock,
    pom_xml,
    pubspec_lock,
    pylock,
    requirements,
    sbt_lock,
    uv_lock,
    yarn_lock,
)
from tidewaiter.scan.lockfiles.reader import Beside, LockedPackages, Lockfile, damaged, nothing
from tidewaiter.scan.lockfiles.source import conflict_line

BUILTIN: Final[tuple[Lockfile, ...]] = (
    requirements.READER,
    pipfile_lock.READER,
    poetry_lock.READER,
    uv_lock.READER,
    pdm_lock.READER,
    pylock.READER,
    package_lock.READER,
    yarn_lock.READER,
    pnpm_lock.READER,
    bun_lock.READER,
    deno_lock.READER,
    go_mod.READER,
    cargo_lock.READER,
    gemfile_lock.READER,
    composer_lock.READER,
    pom_xml.READER,
    gradle_lockfile.READER,
    sbt_lock.READER,
    packages_lock_json.READER,
    packages_config.READER,
    directory_packages_props.READER,
    mix_lock.READER,
    pubspec_lock.READER,
    podfile_lock.READER,
    package_resolved.READER,
    conan_lock.READER,
)
_BY_NAME: Final = {name: reader for reader in BUILTIN for name in reader.names}
_BY_SUFFIX: Final = {
    suffix: tuple(one for one in BUILTIN if any(pattern.endswith(f".{suffix}") for pattern in one.patterns))
    for suffix in sorted({pattern.rpartition(".")[2] for reader in BUILTIN for pattern in reader.patterns})
}
NEIGHBOURS: Final = frozenset(name for reader in BUILTIN for name in reader.neighbours)
"""Names of files that readers ask for beside their own."""


def lockfile_for(path: str) -> Lockfile | None:
    """Return the reader of a path relative to the tree, None when no member wants it."""
    reader = _BY_NAME.get(path.rpartition("/")[2])
    if reader is not None:
        return reader
    possible = _BY_SUFFIX.get(path.rpartition(".")[2].lower())
    return next((one for one in possible if one.wants(path)), None) if possible is not None else None


def wants_lockfile(path: str) -> bool:
    """Tell whether a built-in member reads this path, or asks for it beside its own."""
    return path.rpartition("/")[2] in NEIGHBOURS or lockfile_for(path) is not None


def read_lockfile(data: bytes, path: str, beside: Beside = nothing) -> LockedPackages:
    """Return what a lock file pins; nothing when no member wants the path; never raises.

    `beside` gives other files of the tree (`NEIGHBOURS`), by which some readers know more.
    """
    reader = lockfile_for(path)
    if reader is None:
        return LockedPackages()
    line = conflict_line(data)
    if line is not None:
        reason = "it holds the marks of an unfinished merge, so what it pins is not decided"
        unknown = damaged(path, reason, line=line, advice="resolve the merge, then make the file anew")
        return LockedPackages(unknowns=(unknown,))
    return reader.parse(data, path, beside)
