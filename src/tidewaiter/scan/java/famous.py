"""Libraries that were often copied into other archives without their metadata, told by their classes.

A build that copies a library may rename its packages, which changes every class body; so a class is known by the set
of texts in its constant pool with the new package names turned back, not by a checksum of its bytes.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import Final, NamedTuple

from tidewaiter.scan.java.class_file import texts
from tidewaiter.scan.java.fingerprints import TABLE
from tidewaiter.scan.zip_archive import Member


class Library(NamedTuple):
    """One library and the classes it is known by."""

    group: str
    artifact: str
    root: bytes
    """Folder of its own packages, with the final `/`."""
    classes: tuple[bytes, ...]
    """Below the root, without `.class`."""
    tail: bytes
    """End of the root that a renaming keeps, by which it is found elsewhere."""
    is_sure: bool = True
    """Whether the path alone is enough; False when other libraries provide the same classes."""
    told_by: bytes = b""
    """A class below the root that holds the version as a text, instead of a table of classes."""


LIBRARIES: Final = (
    Library(
        "org.apache.logging.log4j",
        "log4j-core",
        b"org/apache/logging/log4j/",
        (
            b"core/lookup/JndiLookup",
            b"core/lookup/Interpolator",
            b"core/net/JndiManager",
            b"core/pattern/MessagePatternConverter",
            b"core/config/AbstractConfiguration",
        ),
        b"log4j/",
    ),
    Library(
        "log4j",
        "log4j",
        b"org/apache/log4j/",
        (b"net/JMSAppender", b"net/SocketServer", b"jdbc/JDBCAppender", b"net/SMTPAppender", b"FileAppender"),
        b"log4j/",
        is_sure=False,
    ),
    Library(
        "org.apache.commons",
        "commons-text",
        b"org/apache/commons/text/",
        (b"StringSubstitutor", b"lookup/StringLookupFactory", b"lookup/InterpolatorStringLookup"),
        b"text/",
    ),
    Library(
        "org.yaml",
        "snakeyaml",
        b"org/yaml/snakeyaml/",
        (
            b"constructor/SafeConstructor",
            b"constructor/BaseConstructor",
            b"scanner/ScannerImpl",
            b"reader/StreamReader",
            b"emitter/Emitter",
        ),
        b"snakeyaml/",
    ),
    Library(
        "com.alibaba",
        "fastjson",
        b"com/alibaba/fastjson/",
        (b"parser/ParserConfig", b"parser/DefaultJSONParser", b"serializer/SerializeConfig", b"util/TypeUtils"),
        b"fastjson/",
    ),
    Library(
        "commons-collections",
        "commons-collections",
        b"org/apache/commons/collections/",
        (b"functors/InvokerTransformer", b"functors/InstantiateTransformer", b"map/LazyMap"),
        b"collections/",
    ),
    Library(
        "org.apache.commons",
        "commons-collections4",
        b"org/apache/commons/collections4/",
        (b"functors/InvokerTransformer", b"functors/InstantiateTransformer", b"map/LazyMap"),
        b"collections4/",
    ),
    Library(
        "com.fasterxml.jackson.core",
        "jackson-databind",
        b"com/fasterxml/jackson/databind/",
        (),
        b"databind/",
        told_by=b"cfg/PackageVersion",
    ),
)
_SUFFIXES: Final = {
    library.tail + name + b".class": (library, name)
    for library in LIBRARIES
    for name in (*library.classes, library.told_by)
    if name
}
NAMES: Final = frozenset(suffix.rpartition(b"/")[2].removesuffix(b".class") for suffix in _SUFFIXES)
"""Class names worth a look, without package and extension."""
_TOLD: Final = re.compile(rb"\d{1,3}\.\d{1,3}\.\d{1,4}(?:\.\d{1,8})?(?:[.-][A-Za-z][\w.-]{0,30})?")
_LONG: Final = 5
"""Bytes from which a new package prefix is unlike anything else in a class."""


def libraries(members: Iterable[Member]) -> tuple[tuple[Library, bytes, tuple[Member, ...]], ...]:
    """Return each library found among classes, the folder its packages now lie in, and its classes there."""
    found: dict[tuple[Library, bytes], list[Member]] = {}
    for member in members:
        for suffix, (library, name) in _SUFFIXES.items():
            before = member.name[: -len(suffix)]
            if member.name.endswith(suffix) and (not before or before.endswith(b"/")):
                root = member.name[: -len(name) - len(b".class")]
                found.setdefault((library, root), []).append(member)
    return tuple((library, root, tuple(classes)) for (library, root), classes in found.items())


def version(library: Library, root: bytes, classes: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return the oldest version that all recognised classes (name, body) allow.

    Empty when the library is there in an unknown version, None when it is not told from others.
    """
    if library.told_by:
        return _told(classes)
    known = _table(library.artifact)
    fitting: set[int] | None = None
    for name, body in classes:
        mark = fingerprint(library, root, body)
        versions = known.get((name[len(root) : -len(b".class")], mark))
        if versions:
            fitting = set(versions) if fitting is None else (fitting & versions or fitting)
    if fitting:
        return TABLE[library.artifact][0].split()[min(fitting)]
    return "" if library.is_sure else None


def _told(classes: Iterable[tuple[bytes, bytes]]) -> str:
    versions = (text.decode() for _, body in classes for text in sorted(texts(body)) if _TOLD.fullmatch(text))
    return next(versions, "")


def fingerprint(library: Library, root: bytes, body: bytes) -> str:
    """Return 12 hexadecimal digits that stay the same when packages are renamed; empty for what is no class."""
    found = texts(body)
    if root != library.root:
        found = {_original(text, library.root, root) for text in found}
    return sha256(b"\0".join(sorted(found))).hexdigest()[:12] if found else ""


def _original(text: bytes, old: bytes, new: bytes) -> bytes:
    """Return the text with the renaming turned back, in its forms with `/` and with `.`."""
    prefix = new.removesuffix(old) if new.endswith(old) else b""
    if len(prefix) < _LONG:
        return text.replace(new, old).replace(new.replace(b"/", b"."), old.replace(b"/", b"."))
    return text.replace(prefix, b"").replace(prefix.replace(b"/", b"."), b"")


@cache
def _table(artifact: str) -> Mapping[tuple[bytes, str], frozenset[int]]:
    """Return (class, fingerprint) -> indices of versions."""
    found: dict[tuple[bytes, str], frozenset[int]] = {}
    for line in TABLE[artifact][1].split("\n"):
        name, _, marks = line.partition(" ")
        for entry in marks.split():
            mark, _, spans = entry.partition(":")
            found[name.encode(), mark] = frozenset(_indices(spans))
    return found


_SPAN: Final = re.compile(r"(\d+)(?:-(\d+))?")


def _indices(spans: str) -> Iterable[int]:
    for span in _SPAN.finditer(spans):
        yield from range(int(span[1]), int(span[2] or span[1]) + 1)
