"""Order of Composer versions (php.net: version_compare; composer/semver for what is accepted)."""

import re
from typing import Any

_PARTS = re.compile(r"[0-9]+|[^0-9._+-]+")
_STABILITY = r"(?:[._-]?(?:stable|beta|b|rc|alpha|a|patch|pl|p)(?:[.-]?[0-9]+)*)?"
_GRAMMAR = re.compile(
    rf"v?[0-9]+(?:\.[0-9]+){{0,3}}{_STABILITY}(?:[.-]?dev)?(?:\+[^\s]+)?"
    rf"|v?[0-9]{{4}}(?:[.:-]?[0-9]{{2}}){{1,6}}(?:[.:-]?[0-9]{{1,3}})?{_STABILITY}(?:[.-]?dev)?",
    re.IGNORECASE | re.ASCII,
)
_LONGEST = 512  # no index holds longer versions; a longer text is damage or an attack

# What may come next in a version, in rising order; a number stands above an end, as PHP puts it.
_OTHER, _DEV, _ALPHA, _BETA, _CANDIDATE, _END, _NUMBER, _PATCH = range(8)
_WORDS = (("dev", _DEV), ("a", _ALPHA), ("b", _BETA), ("rc", _CANDIDATE), ("RC", _CANDIDATE), ("p", _PATCH))


class Composer:
    """Numbers and stability words; `v` in front does not count, `-`, `_` and `+` are dots."""

    id = "composer"
    tags = frozenset({"Packagist"})

    def key(self, version: str) -> Any:
        """Return (kind, value) of every part; words that PHP does not know are all equal and below all others."""
        key: list[int] = []
        for part in _PARTS.findall(version.strip().removeprefix("v").removeprefix("V")):
            if part[0] in "0123456789":
                key += (_NUMBER, _number(part))
            elif part[0] != "#":  # what PHP itself writes for a number
                key.append(next((kind for word, kind in _WORDS if part.startswith(word)), _OTHER))
        key.append(_END)
        return tuple(key)

    def is_valid(self, version: str) -> bool:
        """Accept what Composer can put in order; a branch (`dev-main`) has none."""
        text = version.strip()
        return len(text) <= _LONGEST and _GRAMMAR.fullmatch(text) is not None


def _number(digits: str) -> int:
    # Base 16 keeps the order of decimal digits and, unlike base 10, has no limit on their count.
    return int(digits, 16)
