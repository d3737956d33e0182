"""`Podfile.lock` (CocoaPods/Core: lib/cocoapods-core/lockfile.rb); a subspec (`Pod/Part`) is a part of its pod."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from tidewaiter.scan.json_text import mapping, text, texts
from tidewaiter.scan.lockfiles.graph import Entry, Roots, packages
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, Found, NamedReader, locked, odd
from tidewaiter.scan.lockfiles.source import Yaml, yaml_map

_POD: Final = re.compile(r"([^\s()]+) \(([^()=<>~ ]+)\)")
_NAME: Final = re.compile(r"[^\s()/]+")


class _PodfileLock(NamedReader):
    """Reads the lock file of CocoaPods."""

    id: Final = "podfile-lock"
    version: Final = 1
    tags: Final = frozenset({"lockfile", "cocoapods"})
    names: ClassVar[frozenset[str]] = frozenset({"Podfile.lock"})
    advice: ClassVar[str] = "make the file anew with `pod install`"

    def read(self, data: bytes, path: str, beside: Beside) -> Iterator[Found]:
        """Yield each pod once; development pods (`:path`) are none."""
        del beside
        document = yaml_map(data)
        if "PODS" not in document.value:
            raise DamageError("it has no `PODS`")
        sources = mapping(document.value.get("EXTERNAL SOURCES"))
        local = {_root(name) for name, source in sources.items() if ":path" in mapping(source)}
        entries: dict[str, Entry] = {}
        needs: dict[str, dict[str, None]] = {}
        for written, needed, line in _pods(document):
            pod = _POD.fullmatch(written)
            if pod is None:
                yield odd(path, f"`{written[:80]}` is no pod and version", line)
                continue
            name = _root(pod[1])
            if name in local:
                continue
            source = mapping(sources.get(name))
            package = locked("cocoapods", name, pod[2], (path, line), repository=text(source.get(":git")))
            entries.setdefault(name, Entry(package=package, key=name))
            found = dict.fromkeys(_root(one) for one in needed)
            found.pop(name, None)
            needs.setdefault(name, {}).update(found)
        asked = frozenset(_root(one) for one in texts(document.value.get("DEPENDENCIES")))
        joined = (Entry(package=one.package, key=key, needs=tuple(needs[key])) for key, one in entries.items())
        yield from packages(joined, Roots(prod=asked), scopes=False)


READER: Final = _PodfileLock()


def _pods(document: Yaml) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield pod, what it needs, and line; an entry is a text, or a map from the pod to its needs."""
    for element, line in document.elements(document.value["PODS"]):
        if isinstance(element, dict):
            for written, needed in element.items():
                yield written, texts(needed), line
        else:
            yield _written(element), (), line


def _written(element: Any) -> str:
    return element if isinstance(element, str) else repr(element)


def _root(written: str) -> str:
    match = _NAME.match(written)
    return match[0].strip('"') if match is not None else written
