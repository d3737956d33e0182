"""Metadata texts in Java archives: the manifest's main section (JAR File Specification) and pom.properties (Maven)."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

LONGEST: Final = 1 << 20
"""Bytes of one metadata file that are read."""
_MAIN_END: Final = re.compile(rb"\r?\n[ \t]*\r?\n|\r[ \t]*\r(?!\n)")
_CONTINUED: Final = re.compile(r"\r?\n |\r ")
_BREAK: Final = re.compile(r"\r\n|\n|\r")


class Coordinates(NamedTuple):
    """What Maven calls a module."""

    group: str
    artifact: str
    version: str


def read_manifest(data: bytes) -> Mapping[str, str]:
    """Return the main section's attributes by lower-case name; the first of a repeated one."""
    main = _MAIN_END.split(data.lstrip(b"\r\n"), maxsplit=1)[0]
    text = _CONTINUED.sub("", main.decode("utf-8", "replace"))
    found: dict[str, str] = {}
    for line in _BREAK.split(text):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def read_properties(data: bytes) -> Coordinates | None:
    """Return the module of a pom.properties; None when a part is missing or an unresolved `${…}`."""
    found: dict[str, str] = {}
    for line in _BREAK.split(data.decode("utf-8", "replace")):
        if line.startswith(("#", "!")):
            continue
        name, sign, value = line.partition("=")
        if not sign:
            name, sign, value = line.partition(":")
        found.setdefault(name.strip(), value.strip())
    parts = [found.get(key, "") for key in ("groupId", "artifactId", "version")]
    if not all(parts) or any("${" in part or len(part) > 300 for part in parts):
        return None
    return Coordinates(*parts)
