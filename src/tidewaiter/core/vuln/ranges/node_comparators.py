"""From the text of one `||` part of an npm range to plain comparators (npm/node-semver: README, advanced syntax)."""

import re

import msgspec

from tidewaiter.core.vuln.ranges.language import RangeError

_PRERELEASE = r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
_PRERELEASE_LOOSE = r"(?:-?((?:[0-9]+|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.[0-9A-Za-z-]+)*))?"
_BUILD = r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
_NUMBER = r"([0-9]+|[xX*])"
_EXACT = re.compile(rf"[v=\s]*([0-9]+)\.([0-9]+)\.([0-9]+){_PRERELEASE}{_BUILD}")
_EXACT_LOOSE = re.compile(rf"[v=\s]*([0-9]+)\.([0-9]+)\.([0-9]+){_PRERELEASE_LOOSE}{_BUILD}")
_PARTIAL = re.compile(rf"[v=\s]*{_NUMBER}(?:\.{_NUMBER}(?:\.{_NUMBER}{_PRERELEASE}{_BUILD})?)?")
_PARTIAL_LOOSE = re.compile(rf"[v=\s]*{_NUMBER}(?:\.{_NUMBER}(?:\.{_NUMBER}{_PRERELEASE_LOOSE}{_BUILD})?)?")
_HYPHEN = re.compile(r"\s*(\S+)\s+-\s+(\S+)\s*")
_SIGN = re.compile(r"(~>|<=|>=|==|[~^<>=])\s*")
_GAP = re.compile(r"(~>|<=|>=|==|[~^<>=])\s+")
_LONGEST = 256  # the longest version that npm reads


class Exact(msgspec.Struct, frozen=True):
    """One whole version without its build."""

    numbers: tuple[int, int, int]
    prerelease: str = ""

    @property
    def text(self) -> str:
        """Write it as npm does."""
        return ".".join(str(number) for number in self.numbers) + (f"-{self.prerelease}" if self.prerelease else "")


class Comparator(msgspec.Struct, frozen=True):
    """One comparison; the sign is one of `< <= > >=` or empty for equality."""

    sign: str
    version: Exact


class _Partial(msgspec.Struct, frozen=True):
    """A version of which the last numbers may be open."""

    numbers: tuple[int, ...]
    prerelease: str = ""

    def first(self, prerelease: str = "") -> Exact:
        major, minor, patch = (*self.numbers, 0, 0, 0)[:3]
        return Exact((major, minor, patch), self.prerelease or prerelease)

    def after(self, place: int) -> Exact:
        """Return the lowest prerelease of the version that follows when the number at `place` grows by one."""
        numbers = [*self.numbers[:place], self.numbers[place] + 1, 0, 0]
        return Exact((numbers[0], numbers[1], numbers[2]), "0")


def exact(text: str, *, loose: bool) -> Exact | None:
    """Return the version that the text is, None when npm refuses it."""
    found = (_EXACT_LOOSE if loose else _EXACT).fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    major, minor, patch, prerelease = found.groups()
    return Exact((int(major), int(minor), int(patch)), prerelease or "")


def comparators(text: str, *, loose: bool, include_prerelease: bool) -> tuple[Comparator, ...]:
    """Return the comparators that must all hold; none when every version does; RangeError for anything else."""
    lowest = "0" if include_prerelease else ""
    hyphen = _HYPHEN.fullmatch(text)
    if hyphen is not None:
        lower, upper = (_partial(bound, loose=loose) for bound in hyphen.groups())
        return _between(lower, upper, lowest)
    result: list[Comparator] = []
    for word in _GAP.sub(r"\1", text).split():
        sign = _SIGN.match(word)
        bound = _partial(word[sign.end() if sign else 0 :] or "*", loose=loose)
        if sign is not None and sign[1] == "==" and not loose:
            raise RangeError(f"`{word[:60]}` is no comparison of npm")
        result.extend(_simple(sign[1] if sign else "", bound, lowest))
    return tuple(result)


def _partial(text: str, *, loose: bool) -> _Partial:
    found = (_PARTIAL_LOOSE if loose else _PARTIAL).fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise RangeError(f"`{text[:60]}` is no version of npm")
    numbers: list[int] = []
    for part in found.groups()[:3]:
        if part is None or part in "xX*":
            return _Partial(tuple(numbers))
        numbers.append(int(part))
    return _Partial(tuple(numbers), found[4] or "")


def _between(lower: _Partial, upper: _Partial, lowest: str) -> tuple[Comparator, ...]:
    """Return what `lower - upper` means; an open upper end takes everything that begins with it."""
    result = [Comparator(">=", lower.first(lowest))] if lower.numbers else []
    count = len(upper.numbers)
    if 0 < count < 3 or (lowest and count and not upper.prerelease):
        result.append(Comparator("<", upper.after(count - 1)))
    elif count:
        result.append(Comparator("<=", upper.first()))
    return tuple(result)


def _simple(sign: str, bound: _Partial, lowest: str) -> tuple[Comparator, ...]:
    count = len(bound.numbers)
    if not count:
        # Below or above every version is nothing.
        return (Comparator("<", Exact((0, 0, 0), "0")),) if sign in {"<", ">"} else ()
    is_whole = count == 3
    start = bound.first("" if is_whole else lowest)
    if sign in {"~", "~>"}:
        return Comparator(">=", start), Comparator("<", bound.after(min(count - 1, 1)))
    if sign == "^":
        kept = next((place for place, number in enumerate(bound.numbers) if number), count - 1)
        return Comparator(">=", start), Comparator("<", bound.after(kept))
    if is_whole:
        return (Comparator(sign.replace("=", "") if sign in {"=", "=="} else sign, start),)
    match sign:
        case ">":
            return (Comparator(">=", Exact(bound.after(count - 1).numbers, lowest)),)
        case "<=":
            return (Comparator("<", bound.after(count - 1)),)
        case "<":
            return (Comparator("<", bound.first("0")),)
        case ">=":
            return (Comparator(">=", start),)
        case _:
            return Comparator(">=", start), Comparator("<", bound.after(count - 1))
