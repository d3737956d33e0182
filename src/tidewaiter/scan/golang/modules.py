"""From the lines of build information to packages: standard library, dependencies, main module."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from tidewaiter.core.model.package import Package
from tidewaiter.scan.golang.build_info import BuildInfo

_TOOL_CHAIN: Final = re.compile(r"(?:go)?(\d+)\.(\d+)(?:\.(\d+))?(?:(rc|beta)(\d+))?")
_SEMVER: Final = re.compile(r"v\d+\.\d+\.\d+[0-9A-Za-z.+-]*")
_PSEUDO: Final = re.compile(r"v0\.0\.0-(?:\d+\.)*\d{14}-[0-9a-f]{12}(?:\+.*)?")
_SET: Final = re.compile(r"-X[ =]['\"]?([^\s'\"=]+)\.(\w+)=['\"]?(v?\d+\.\d+[0-9A-Za-z.+-]*)")
_VERSION_NAME: Final = re.compile(
    r"(?:\w*_)?(?:git|build|app|release|product|semver)?version(?:tag|string)?", re.IGNORECASE
)
_DEVELOPMENT: Final = "(devel)"
"""Stands for a version when a module was built from a folder."""
_MODULES: Final = 20_000
_SETTINGS: Final = 1000


class Module(NamedTuple):
    """One module of a build."""

    path: str
    version: str


class Build(NamedTuple):
    """The lines of a build, sorted out."""

    main: Module | None
    deps: tuple[Module, ...]
    settings: Mapping[str, str]


def packages_of(info: BuildInfo) -> tuple[Package, ...]:
    """Return the standard library, every dependency and the main module, in this order."""
    build = read_build(info.modules)
    found = [Package(type="golang", name="stdlib", version=tool_chain_version(info.version))]
    found += [Package(type="golang", name=one.path, version=one.version) for one in build.deps]
    if build.main is not None:
        found.append(_main(build.main, build.settings))
    return tuple(dict.fromkeys(found))


def read_build(text: str) -> Build:
    """Return main module, dependencies with their replacements, and settings."""
    main: Module | None = None
    deps: list[Module] = []
    settings: dict[str, str] = {}
    last = ""
    for line in text.split("\n"):
        kind, _, rest = line.partition("\t")
        if kind == "build":
            key, _, value = rest.partition("=")
            if len(settings) < _SETTINGS:
                settings[_unquoted(key)] = _unquoted(value)
        elif kind in {"mod", "dep", "=>"}:
            path, version = [*rest.split("\t"), ""][:2]
            version = version if version != _DEVELOPMENT else ""
            if not path or len(deps) >= _MODULES:
                continue
            if kind == "mod":
                main = Module(path, version)
            elif kind == "dep":
                deps.append(Module(path, version))
            elif last == "dep":
                deps[-1] = _replaced(deps[-1], Module(path, version))
            elif last == "mod" and main is not None:
                main = _replaced(main, Module(path, version))
        last = kind
    return Build(main, tuple(deps), settings)


def tool_chain_version(text: str) -> str:
    """Return the version of the standard library in semantic form, empty for a development build.

    `go1.22.1` is 1.22.1, `go1.21rc2` is 1.21.0-rc.2; experiments and vendors' remarks behind it are dropped.
    """
    found = _TOOL_CHAIN.match(text)
    if found is None:
        return ""
    major, minor, patch, stage, number = found.groups()
    if stage:
        return f"{major}.{minor}.{patch or 0}-{stage}.{number}"
    return f"{major}.{minor}" + (f".{patch}" if patch else "")


def _replaced(module: Module, by: Module) -> Module:
    """Return what was compiled; a folder in place of a module has no version that anybody published."""
    if by.version:
        return by
    return Module(module.path, "") if by.path.startswith((".", "/")) or ":\\" in by.path else by


def _main(main: Module, settings: Mapping[str, str]) -> Package:
    if _SEMVER.fullmatch(main.version) and not _PSEUDO.fullmatch(main.version):
        return Package(type="golang", name=main.path, version=main.version, is_main=True)
    linked = _linked_version(main.path, settings.get("-ldflags", ""))
    if linked:
        return Package(type="golang", name=main.path, version=linked, is_main=True, is_guess=True)
    pseudo = main.version if _PSEUDO.fullmatch(main.version) else _pseudo_version(settings)
    return Package(type="golang", name=main.path, version=pseudo, is_main=True)


def _linked_version(path: str, flags: str) -> str:
    """Return the version that the linker was told to set, first that of the module itself, empty when none."""
    found = {
        place: version for place, name, version in _assignments(flags) if _VERSION_NAME.fullmatch(name) and version
    }
    own = [version for place, version in found.items() if place == "main" or f"{place}/".startswith(f"{path}/")]
    chosen = next(iter(own), "")
    return chosen if not chosen or chosen.startswith("v") else f"v{chosen}"


def _assignments(flags: str) -> Iterator[tuple[str, str, str]]:
    for found in _SET.finditer(flags[:65_536]):
        yield found[1], found[2], found[3]


def _pseudo_version(settings: Mapping[str, str]) -> str:
    """Return Go's name for a commit, `v0.0.0-<time>-<12 digits>`; empty when the commit is not told."""
    revision = settings.get("vcs.revision", "")
    moment = re.sub(r"\D", "", settings.get("vcs.time", ""))[:14]
    return f"v0.0.0-{moment}-{revision[:12]}" if len(moment) == 14 and re.fullmatch(r"[0-9a-f]{12,}", revision) else ""


def _unquoted(text: str) -> str:
    if len(text) < 2 or text[0] not in '"`' or text[-1] != text[0]:
        return text
    return text[1:-1] if text[0] == "`" else text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
