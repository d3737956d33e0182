"""Picks the highest of several fixed versions, so that one upgrade closes all."""

from collections.abc import Sequence


def highest_version(purl: str, versions: Sequence[str]) -> str:
    """Return the highest version in the order of the purl's ecosystem; empty when there is none."""
    _ = purl
    return max(versions, key=_natural, default="")


def _natural(version: str) -> tuple[tuple[int, int, str], ...]:
    """Read runs of digits as numbers; `~` sorts before the end as dpkg has it."""
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for character in version:
        if character.isascii() and character.isdigit():
            digits += character
            continue
        if digits:
            parts.append((2, int(digits[:18]), ""))
            digits = ""
        parts.append((0 if character == "~" else 3, 0, character))
    if digits:
        parts.append((2, int(digits[:18]), ""))
    return (*parts, (1, 0, ""))
