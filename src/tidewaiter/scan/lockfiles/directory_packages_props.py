"""`Directory.Packages.props` (learn.microsoft.com: NuGet central package management).

The versions are those that the projects get, unless a project overrides one; only exact ones are versions.
"""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from tidewaiter.scan.lockfiles.reader import (
    Beside,
    DamageError,
    Found,
    NamedReader,
    Scope,
    damaged,
    distinct,
    locked,
    odd,
)
from tidewaiter.scan.lockfiles.xml_text import Element, xml_root

_PROPERTY: Final = re.compile(r"\$\(([A-Za-z_][\w.-]*)\)")
_EXACT: Final = re.compile(r"\[?\s*(\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z.-]+)?(?:\+\S+)?)\s*\]?")
_ROUNDS: Final = 5


class _DirectoryPackagesProps(NamedReader):
    """Reads the central versions of a .NET solution."""

    id: Final = "directory-packages-props"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "nuget"})
    names: ClassVar[frozenset[str]] = frozenset({"Directory.Packages.props"})
    advice: ClassVar[str] = "correct the file: MSBuild refuses it as well"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages with an exact version; properties are filled in from the same file."""
        del beside
        root = xml_root(data)
        if root.tag != "Project":
            raise DamageError(f"its root is <{root.tag[:40]}>, not <Project>", root.line)
        return distinct(_packages(root, path))


READER: Final = _DirectoryPackagesProps()


def _packages(root: Element, path: str) -> Iterator[Found]:
    groups = [*root.at("PropertyGroup"), *root.at("Choose", "When", "PropertyGroup")]
    # a property with a condition may have another value, so it is not taken
    properties = {
        one.tag.lower(): one.text[:200]
        for group in groups
        for one in group.children
        if "Condition" not in group.attributes and "Condition" not in one.attributes
    }
    for group in root.at("ItemGroup"):
        for element in group.children:
            if element.tag not in {"PackageVersion", "GlobalPackageReference"}:
                continue
            name = element.attributes.get("Include", "") or element.attributes.get("Update", "")
            written = element.attributes.get("Version", "") or element.value("Version")
            if not name or not written:
                if "Remove" not in element.attributes:
                    yield odd(path, f"a <{element.tag}> has no name or version", element.line)
                continue
            version = _EXACT.fullmatch(_filled(written, properties))
            if version is None:
                reason = f"the version `{written[:60]}` of `{name[:80]}` is not known from this file"
                advice = "write an exact version, or commit lock files"
                yield damaged(path, reason, line=element.line, advice=advice, incomplete=False)
                continue
            scope: Scope = "dev" if element.tag == "GlobalPackageReference" else "prod"
            yield locked("nuget", name, version[1], (path, element.line), scope=scope)


def _filled(written: str, properties: Mapping[str, str]) -> str:
    for _ in range(_ROUNDS):
        filled = _PROPERTY.sub(lambda match: properties.get(match[1].lower(), match[0]), written)[:1000]
        if filled == written:
            break
        written = filled
    return written.strip()
