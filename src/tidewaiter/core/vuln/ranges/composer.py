"""Constraints of Composer (getcomposer.org: versions and constraints; composer/semver: VersionParser)."""

import re

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import EVERYTHING, common, compared, united
from tidewaiter.core.vuln.ranges.language import RangeError, pieces
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.core.vuln.versions.composer import Composer as Order

_ORDER = Order()
_OR = re.compile(r"\s*\|\|?\s*")
_HYPHEN = re.compile(r"\s*(\S+)\s+-\s+(\S+)\s*")
_AND = re.compile(r"\s*,\s*|\s+")
_GAP = re.compile(r"(<=|>=|<>|!=|==|[~^<>=])\s+")
_PART = re.compile(r"(<=|>=|<>|!=|==|[~^<>=]?)v?([0-9]+(?:\.[0-9]+)*(?:[._-]?[A-Za-z][0-9A-Za-z.-]*)?)(?:@[a-z]+)?")
_WILD = re.compile(r"v?((?:[0-9]+\.)*)[xX*](?:\.[xX*])*")


class Composer:
    """Parts joined by `||`; inside a part a comma or blank joins what must all hold."""

    id = "composer"
    tags = frozenset({"Packagist"})
    scheme = _ORDER

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the set as intervals; the end of `^`, `~` and `*` lies below the prereleases of the next version."""
        keys = Keys(_ORDER)
        return united((one for part in pieces(_OR.sub("|", text.strip()), "|") for one in _all_of(part, keys)), keys)


def _all_of(text: str, keys: Keys) -> tuple[Interval, ...]:
    hyphen = _HYPHEN.fullmatch(text)
    if hyphen is not None:
        lower, upper = (_version(bound, text) for bound in hyphen.groups())
        numbers = _numbers(upper)
        is_open = len(numbers) < 3 and upper == ".".join(map(str, numbers))  # `1.0 - 2.0` takes all of 2.0
        return common((Interval(lo=lower),), (Interval(hi=_after(numbers)) if is_open else _upto(upper),), keys)
    result: tuple[Interval, ...] = EVERYTHING
    for word in pieces(_AND.sub(" ", _GAP.sub(r"\1", text.strip())), " "):
        result = common(result, _one(word), keys)
    return result


def _one(word: str) -> tuple[Interval, ...]:
    wild = _WILD.fullmatch(word)
    if wild is not None:
        numbers = _numbers(wild[1])
        return (Interval(lo=_text(numbers), hi=_after(numbers)),) if numbers else EVERYTHING
    found = _PART.fullmatch(word)
    if found is None:
        raise RangeError(f"`{word[:60]}` is no constraint of Composer")
    sign, version = found.groups()
    numbers = _numbers(version)
    if sign == "~":
        return (Interval(lo=version, hi=_after(numbers[:-1] or numbers)),)
    if sign == "^":
        kept = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
        return (Interval(lo=version, hi=_after(numbers[: kept + 1])),)
    return compared("!=" if sign == "<>" else sign or "=", version)


def _version(bound: str, text: str) -> str:
    found = _PART.fullmatch(bound)
    if found is None or found[1]:
        raise RangeError(f"`{text[:60]}` is no constraint of Composer")
    return found[2]


def _upto(version: str) -> Interval:
    return Interval(hi=version, inclusive=True)


def _numbers(version: str) -> list[int]:
    """Return the numbers in front; a number too long to be one is cut, which no comparison with versions notices."""
    found = re.match(r"[0-9]{1,999}(?:\.[0-9]{1,999})*", version)
    return [int(number) for number in found[0].split(".")] if found else []


def _text(numbers: list[int]) -> str:
    return ".".join(str(number) for number in numbers)


def _after(numbers: list[int]) -> str:
    return _text([*numbers[:-1], numbers[-1] + 1]) + "-dev"
