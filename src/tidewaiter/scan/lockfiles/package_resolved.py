"""`Package.resolved`, versions 1 to 3 (swiftlang/swift-package-manager: Sources/PackageGraph/ResolvedPackagesStore.swift).

A package is named by its address without scheme and `.git`, or by `scope.name` when it comes from a registry.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, locked, odd, unversioned
from tidewaiter.scan.lockfiles.source import NAME, Lines, json_object

_ADDRESS: Final = re.compile(r"(?:[a-z+]+://)?(?:[^/@\s]+@)?([^/:@\s]+)(?::\d+)?[:/](.+?)(?:\.git)?/?")


class _PackageResolved(NamedReader):
    """Reads the lock file of the Swift Package Manager."""

    id: Final = "package-resolved"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "swift"})
    names: ClassVar[frozenset[str]] = frozenset({"Package.resolved"})
    advice: ClassVar[str] = "make the file anew with `swift package resolve`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield the packages with a version; a branch or revision is no version and is told."""
        del beside
        document = json_object(data)
        if document.get("version") not in {1, 2, 3}:
            raise DamageError(f"its version {str(document.get('version'))[:20]!r} is not 1, 2 or 3")
        pins = mapping(document.get("object")).get("pins", document.get("pins"))
        if not isinstance(pins, list):
            raise DamageError("it has no list `pins`")
        lines = Lines(data, NAME)
        for pin in pins:
            if not isinstance(pin, dict):
                yield odd(path, "a pin is not a map")
                continue
            named = text(pin.get("identity")) or text(pin.get("package"))
            line = lines.next(named)
            name = _name(pin, named)
            state = mapping(pin.get("state"))
            version = text(state.get("version"))
            if not name:
                yield odd(path, "a pin has no address", line)
            elif pin.get("kind") == "localSourceControl":
                continue
            elif version:
                yield locked("swift", name, version, (path, line))
            else:
                yield unversioned(path, name, line, text(state.get("branch")) or text(state.get("revision")))


READER: Final = _PackageResolved()


def _name(pin: dict[str, Any], named: str) -> str:
    address = _ADDRESS.fullmatch((text(pin.get("location")) or text(pin.get("repositoryURL"))).strip()[:2000])
    return f"{address[1].lower()}/{address[2]}" if address is not None else named
