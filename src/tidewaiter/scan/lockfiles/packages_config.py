"""`packages.config` (learn.microsoft.com: NuGet packages.config reference)."""

from collections.abc import Iterator
from typing import ClassVar, Final

from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, distinct, locked, odd
from tidewaiter.scan.lockfiles.xml_text import Element, xml_root


class _PackagesConfig(NamedReader):
    """Reads the package list of older .NET projects."""

    id: Final = "packages-config"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "nuget"})
    names: ClassVar[frozenset[str]] = frozenset({"packages.config"})
    advice: ClassVar[str] = "correct the file: NuGet refuses it as well"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages; all that are installed stand there, whoever asked."""
        del beside
        root = xml_root(data)
        if root.tag != "packages":
            raise DamageError(f"its root is <{root.tag[:40]}>, not <packages>", root.line)
        return distinct(_packages(root, path))


READER: Final = _PackagesConfig()


def _packages(root: Element, path: str) -> Iterator[Found]:
    for element in root.at("package"):
        name, version = element.attributes.get("id", ""), element.attributes.get("version", "")
        if not name or not version:
            yield odd(path, "a <package> has no id or version", element.line)
            continue
        is_tool = element.attributes.get("developmentDependency", "").lower() == "true"
        yield locked("nuget", name, version, (path, element.line), scope="dev" if is_tool else "prod")
