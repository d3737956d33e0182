"""Order of rpm versions (rpm.org: manual/more/version_comparison; rpm-software-management/rpm: rpmio/rpmvercmp.c)."""

import re
from typing import Any

_SEGMENTS = re.compile(r"[0-9]+|[A-Za-z]+|[~^]")
_GRAMMAR = re.compile(r"(?:[0-9]+:)?[0-9A-Za-z._+~^%{}]+(?:-[0-9A-Za-z._+~^%{}]+)?")
_LONGEST = 512  # no repository holds longer versions; a longer text is damage or an attack

# What may come next in a version, in rising order; every kind is followed by values of one type only.
_TILDE, _END, _CARET, _WORD, _NUMBER = range(5)
_SIGNS = {"~": _TILDE, "^": _CARET}


class Rpm:
    """`[epoch:]version[-release]`; a version without release sorts below the same version with one."""

    id = "rpm"
    tags = frozenset(
        {
            "Red Hat",
            "AlmaLinux",
            "Rocky Linux",
            "Oracle Linux",
            "Amazon Linux",
            "SUSE",
            "openSUSE",
            "Azure Linux",
            "CBL-Mariner",
            "Photon OS",
            "Fedora",
        }
    )

    def key(self, version: str) -> Any:
        """Return (epoch, version segments, release segments); only digits before the first `:` are an epoch."""
        text = version.strip()
        epoch, colon, rest = text.partition(":")
        if not colon or not (epoch.isascii() and epoch.isdigit()):
            epoch, rest = "0", text
        number, dash, release = rest.partition("-")
        return _number(epoch), _part(number), _part(release) if dash else ()

    def is_valid(self, version: str) -> bool:
        """Accept the characters that rpmbuild accepts, with at most one `-`."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None


def _part(text: str) -> tuple[int | str, ...]:
    key: list[int | str] = []
    for segment in _SEGMENTS.findall(text):
        sign = _SIGNS.get(segment)
        if sign is not None:
            key.append(sign)
        elif segment[0] <= "9":
            key += (_NUMBER, _number(segment))
        else:
            key += (_WORD, segment)
    key.append(_END)
    return tuple(key)


def _number(digits: str) -> int:
    # Base 16 keeps the order of decimal digits and, unlike base 10, has no limit on their count.
    return int(digits, 16)
