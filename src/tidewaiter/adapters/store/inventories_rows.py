"""From an image to rows: every package divided into its content, which many images share, and its places."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

import msgspec

from tidewaiter.core.model.image import Image
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.report import as_unicode
from tidewaiter.core.vuln.rematch import Told, by_package, is_language

T = TypeVar("T")
Place = tuple[int, str, str]
"""Layer, -1 when not known; path; path inside an archive."""
_encode: Final = msgspec.msgpack.Encoder().encode


class Content(NamedTuple):
    """One package wherever it lies."""

    hash: bytes
    package: Package
    data: bytes


class Rows(NamedTuple):
    """An image, taken apart."""

    system: OperatingSystem | None
    contents: Mapping[bytes, Content]
    places: Mapping[bytes, Sequence[Place]]
    base: bytes
    layers: bytes
    gaps: int
    """Parts of the image that could not be read."""
    inventory: bytes
    """Hash of all this: equal for equal packages in equal places."""
    mark: bytes
    """Hash of the system, which is part of the hash of its packages."""


def rows_of(image: Image) -> Rows:
    """Take an image apart."""
    system = plain_system(image.os)
    mark = hashed(b"system", encoded(system)) if system is not None else b""
    contents: dict[bytes, Content] = {}
    places: dict[bytes, list[Place]] = {}
    for package in image.packages:
        content = _content(package, mark)
        contents[content.hash] = content
        where = package.location
        layer = -1 if where is None or where.layer is None else where.layer
        path = (where.file if where is not None else "") or ""
        places.setdefault(content.hash, []).append((layer, plain(path), plain(package.inside)))
    base, layers = encoded(image.base), encoded(image.layers)
    gaps = sum(one.incomplete for one in image.unknowns)
    whole = encoded([gaps, base, layers, mark, sorted((name, sorted(set(where))) for name, where in places.items())])
    return Rows(
        system=system,
        contents=contents,
        places=places,
        base=base,
        layers=layers,
        gaps=gaps,
        inventory=hashed(b"inventory", whole),
        mark=mark,
    )


def told_by_content(rows: Rows, found: Sequence[Vulnerability]) -> dict[bytes, tuple[Told, ...]]:
    """Return what is told of each content of an image."""
    told = {_content(package, rows.mark).hash: tolds for package, tolds in by_package(found).items()}
    return {name: tolds for name, tolds in told.items() if name in rows.contents}


def plain_system(system: OperatingSystem | None) -> OperatingSystem | None:
    """Return a system without the dates of its support, which come from the advisory data."""
    return None if system is None else msgspec.structs.replace(system, end_of_life="", extended_support="")


def stripped(package: Package) -> Package:
    """Return a package without its place."""
    return msgspec.structs.replace(package, location=None, inside="")


def encoded(value: object) -> bytes:
    """Return a value as MessagePack; broken bytes of names are written as text."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return _encode(as_unicode(msgspec.to_builtins(value)))


def decoded(data: bytes, kind: type[T]) -> T:
    """Return what was encoded; raises msgspec.MsgspecError."""
    return msgspec.msgpack.decode(data, type=kind)


def hashed(*parts: bytes) -> bytes:
    """Return 16 bytes that name the content."""
    return hashlib.blake2b(b"".join(len(part).to_bytes(8, "big") + part for part in parts), digest_size=16).digest()


def plain(text: str) -> str:
    """Return a text that can be kept: broken bytes are written out."""
    return text if text.isascii() else str(as_unicode(text))


def _content(package: Package, mark: bytes) -> Content:
    content = stripped(package)
    data = encoded(content)
    key = b"" if is_language(content) else mark
    return Content(hashlib.blake2b(data, digest_size=16, key=key).digest(), content, data)
