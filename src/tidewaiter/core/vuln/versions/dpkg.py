"""Order of Debian package versions (Debian policy 5.6.12, deb-version(7))."""

import re
from typing import Any

_RUNS = re.compile(r"([^0-9]*)([0-9]*)")
_GRAMMAR = re.compile(r"(?:[0-9]+:)?[0-9A-Za-z][0-9A-Za-z.+~:-]*")
_LONGEST = 512  # no archive holds longer versions; a longer text is damage or an attack

# In a non-digit run `~` sorts before the end of the run, the end before letters, letters before everything else.
# Other characters move behind every letter by one offset, which keeps their own order.
_TILDE, _END, _OFFSET = "\x01", "\x02", 0x110000 // 2


class _Order(dict[int, str]):
    """Maps characters of a non-digit run so that plain text comparison gives dpkg's order."""

    def __missing__(self, code: int) -> str:
        if code == ord("~"):
            return _TILDE
        letter = 65 <= code <= 90 or 97 <= code <= 122
        return chr(code) if letter else chr(min(code + _OFFSET, 0x10FFFF))


_ORDER = _Order()  # never written to: every character is computed


class Dpkg:
    """`[epoch:]upstream[-revision]`."""

    id = "dpkg"
    tags = frozenset({"Debian", "Ubuntu"})

    def key(self, version: str) -> Any:
        """Return (epoch, upstream runs, revision runs); a missing revision equals `0`."""
        text = version.strip()
        epoch, colon, rest = text.partition(":")
        if not colon or not _is_number(epoch):
            epoch, rest = "0", text
        upstream, dash, revision = rest.rpartition("-")
        if not dash:
            upstream, revision = rest, "0"
        return _number(epoch), _part(upstream), _part(revision)

    def is_valid(self, version: str) -> bool:
        """Accept what dpkg accepts; a letter in front is odd but found in archives."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None


def _part(text: str) -> tuple[str | int, ...]:
    runs: list[str | int] = []
    for word, digits in _RUNS.findall(text or "0"):
        runs.append(word.translate(_ORDER) + _END if word else _END)
        runs.append(_number(digits) if digits else 0)
    return tuple(runs)


def _number(digits: str) -> int:
    # Base 16 keeps the order of decimal digits and, unlike base 10, has no limit on their count.
    return int(digits, 16)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
