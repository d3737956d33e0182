"""Turns the merged view into the parts of an `Image`: packages, tools, credentials, notable files."""

from collections.abc import Iterator, Sequence

import msgspec

from tidewaiter.core.model.image import Credential, NotableFile, Tool
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.scan.dispatch import glob_pattern
from tidewaiter.scan.image.facts import LayerFacts
from tidewaiter.scan.image.merge import Merge
from tidewaiter.scan.image.paths import Resolver, split
from tidewaiter.scan.image.plan import SYSTEM_FILES
from tidewaiter.scan.image.second_sources import without_repeats, without_strays
from tidewaiter.scan.os_release import namespace_of
from tidewaiter.scan.tools import KINDS, tool_name

_OS_TYPES = frozenset({"deb", "rpm", "apk", "alpm"})


def system_files(merge: Merge, resolver: Resolver) -> dict[str, bytes]:
    """Return the bodies that SYSTEM_FILES names in the top view, under the asked name where a link leads to them."""
    named = [glob for glob in SYSTEM_FILES if "*" not in glob]
    patterns = [glob_pattern(glob) for glob in SYSTEM_FILES if "*" in glob]
    found = {path: merge.system[resolver.file(path)] for path in named if resolver.file(path) in merge.system}
    for path, body in merge.system.items():
        if any(pattern.fullmatch(path) for pattern in patterns):
            found.setdefault(path, body)
    return found


def packages(merge: Merge, owners: dict[str, str], system: OperatingSystem | None, image: str) -> tuple[Package, ...]:
    """Return the packages of the top view with layer, distribution and owning OS package."""
    found: list[Package] = []
    namespace = namespace_of(system) if system else ""
    distro = "-".join(part for part in (system.id, system.version_id or system.codename) if part) if system else ""
    repositories = _repositories(merge)
    for path, results in merge.evidence.items():
        for result in results.values():
            for package in result.packages:
                layer = merge.attribution.layer(path, package)
                place = Location(file=path, layer=layer, image=image)
                if package.type in _OS_TYPES:
                    found.append(
                        msgspec.structs.replace(
                            package,
                            location=place,
                            namespace=namespace,
                            distro=distro,
                            repository=package.repository or repositories.get(_build(package), ""),
                        )
                    )
                else:
                    found.append(msgspec.structs.replace(package, location=place, owner=owners.get(path, "")))
    return tuple(sorted(without_strays(without_repeats(found, owners)), key=_package_order))


def _repositories(merge: Merge) -> dict[tuple[str, str], str]:
    """Return which repository each build of an rpm came from, as the package managers of the image remember."""
    return {
        (name, version): repository
        for results in merge.evidence.values()
        for result in results.values()
        for name, version, repository in result.origins
    }


def _build(package: Package) -> tuple[str, str]:
    """Return name and version-release, without the epoch that histories leave out."""
    return (package.name, package.version.rpartition(":")[2]) if package.type == "rpm" else ("", "")


def _package_order(package: Package) -> tuple[str, ...]:
    file = package.location.file if package.location else None
    return package.type, package.name, package.version, package.arch, file or ""


def owners(merge: Merge, resolver: Resolver) -> dict[str, str]:
    """Return real path -> OS package, for the files that readers ask about."""
    owned = (pair for results in merge.evidence.values() for result in results.values() for pair in result.owned)
    return {resolver.parent(path): package for path, package in owned}


def tools(merge: Merge, owned: dict[str, str], resolver: Resolver, image: str) -> tuple[Tool, ...]:
    """Return the tools that can be started: a link counts when its target is there; one entry per name and target."""
    found: dict[tuple[str, str], Tool] = {}
    for path in sorted(merge.tools, key=lambda path: (len(path), path)):
        folder, base = split(path)
        name = tool_name(folder, base)
        real = resolver.file(path)
        if not name or (real != path and not merge.exists(real)) or (name, real) in found:
            continue
        place = Location(file=path, layer=merge.tools[path], image=image)
        package = owned.get(path) or owned.get(real, "")
        found[name, real] = Tool(name=name, kind=KINDS[name], location=place, package=package)
    return tuple(sorted(found.values(), key=lambda tool: (tool.kind, tool.name, tool.location.file or "")))


def notable_files(merge: Merge, image: str) -> Iterator[NotableFile]:
    """Yield files with setuid, setgid or write permission for all, by path."""
    for path in sorted(merge.modes):
        mode, layer = merge.modes[path]
        place = Location(file=path, layer=layer, image=image)
        if mode & 0o4000:
            yield NotableFile(kind="setuid", location=place, mode=mode)
        if mode & 0o2000:
            yield NotableFile(kind="setgid", location=place, mode=mode)
        if mode & 0o002:
            yield NotableFile(kind="world-writable", location=place, mode=mode)


def file_credentials(merge: Merge, layers: Sequence[LayerFacts], image: str) -> tuple[Credential, ...]:
    """Return the credentials in files of every layer; one that several layers repeat is told for the lowest."""
    found: dict[tuple[str, str, str], Credential] = {}
    for layer, facts in enumerate(layers):
        for path, tokens in facts.tokens.items():
            real = merge.real_path(layer, path)
            gone = merge.is_hidden_after(layer, real)
            for token in tokens:
                known = found.get((token.rule, real, token.redacted))
                first = known.location.layer if known else layer
                found[token.rule, real, token.redacted] = Credential(
                    rule=token.rule,
                    title=token.title,
                    location=Location(file=real, line=token.line, layer=first, image=image),
                    redacted=token.redacted,
                    deleted_later=gone,
                    verified=token.verified,
                )
    return tuple(sorted(found.values(), key=lambda one: (one.location.layer or 0, one.location.file or "", one.rule)))
