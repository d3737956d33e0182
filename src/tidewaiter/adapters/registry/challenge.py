"""`WWW-Authenticate` (RFC 9110 section 11.6.1): several challenges in one or more headers."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

_LONGEST: Final = 16 << 10
_WORD: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_PART: Final = re.compile(rf'\s*,?\s*({_WORD})(?:\s*=\s*("(?:[^"\\]|\\.)*"|{_WORD}))?')


class Challenge(NamedTuple):
    """One way to authenticate that a server offers."""

    scheme: str
    """Lower case."""
    parameters: Mapping[str, str]
    """Names in lower case; the first of several with one name counts."""


def parse_challenges(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Return the challenges in their order; what cannot be read ends the header that it stands in."""
    found: list[Challenge] = []
    for header in headers:
        parameters: dict[str, str] = {}
        at = 0
        while match := _PART.match(header[:_LONGEST], at):
            name, value = match.groups()
            if value is None:
                parameters = {}
                found.append(Challenge(name.lower(), parameters))
            elif found:
                parameters.setdefault(name.lower(), _plain(value))
            at = match.end()
    return tuple(found)


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
