"""The metadata of one Python distribution (PyPA: core metadata specifications), wherever it lies."""

import re
from typing import Final

from tidewaiter.core.model.package import Package

_HEADER: Final = re.compile(
    rb"^(Name|Version|License|License-Expression|Maintainer|Author):[ \t]*([^\r\n]*?)[ \t]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)
_END: Final = re.compile(rb"\r?\n[ \t]*\r?\n")
_NO_LICENCE: Final = frozenset({"", "unknown", "none"})


class HeadersError(Exception):
    """The metadata is damaged: why, as a clause without final stop."""


def read_headers(data: bytes) -> Package:
    """Return the distribution; headers end at the first blank line, the description behind repeats them. HeadersError."""
    head, *description = _END.split(data.lstrip(), maxsplit=1)
    fields: dict[bytes, str] = {}
    for name, value in _HEADER.findall(head):
        fields.setdefault(name.lower(), value.decode("utf-8", "replace"))
    name, version = fields.get(b"name", ""), fields.get(b"version", "")
    if not name or not version:
        lacks = "Version" if name else "Name"
        raise HeadersError(f"the metadata has no {lacks}")
    if not description and not data.endswith((b"\n", b"\r")):
        raise HeadersError("the metadata ends in the middle of a line")
    licence = fields.get(b"license-expression") or fields.get(b"license", "")
    return Package(
        type="pypi",
        name=name,
        version=version,
        licence="" if licence.lower() in _NO_LICENCE else licence,
        maintainer=fields.get(b"maintainer") or fields.get(b"author", ""),
    )
