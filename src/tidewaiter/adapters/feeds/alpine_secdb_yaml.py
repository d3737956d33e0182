"""Alpine's list of fixes as it was written until 2020, in YAML (alpinelinux/alpine-secdb)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
import yaml

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.secdb import SecdbReader

_LARGEST = 8 << 20
_HEAD = re.compile(rb"(?:^|\n)distroversion:[ \t]*[\"']?v?[0-9a-z.]+")


class _Package(msgspec.Struct):
    name: str
    secfixes: dict[str, list[str] | None] | None = None


class _Entry(msgspec.Struct):
    pkg: _Package


class AlpineSecdbYaml:
    """Branches up to 3.11; believed after the JSON form, which goes on."""

    id = "alpine-secdb-yaml"
    tags = frozenset({"advisories", "Alpine"})
    is_snapshot = False
    feed = Feed(
        id="alpine-secdb-yaml",
        name="Alpine security database, old form",
        url="https://gitlab.alpinelinux.org/alpine/infra/alpine-secdb",
        licence="facts",
        precedence=2,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the names at the top and within the packages."""
        return _HEAD.search(head[:4096]) is not None and b"\npackages:" in head and b"secfixes:" in head

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per origin and id; DocumentError when the document is no YAML or too large."""
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise DocumentError(f"it is larger than {_LARGEST} bytes")
        try:
            document = yaml.load(data, Loader=yaml.CBaseLoader)  # noqa: S506 - makes texts, lists and dicts only
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            raise DocumentError(" ".join(str(error).split())[:200]) from error
        if not isinstance(document, dict) or not isinstance(document.get("packages"), list):
            raise DocumentError("it lists no packages")
        release = str(document.get("distroversion", "")).removeprefix("v")
        reader = SecdbReader(feed=self.id, ecosystem="Alpine", notes=notes, refuse=DocumentError)
        for place, value in enumerate(document["packages"]):
            try:
                package = msgspec.convert(value, _Entry).pkg
            except (msgspec.ValidationError, RecursionError) as error:
                notes.problem(f"package {place}", str(error))
                continue
            yield from reader.package(package.name, package.secfixes or {}, release)
