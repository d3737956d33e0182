"""Requirements of Cargo (doc.rust-lang.org/cargo: specifying dependencies; dtolnay/semver), as RustSec writes them."""

import re

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import EVERYTHING, common, compared
from tidewaiter.core.vuln.ranges.language import RangeError, pieces
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.core.vuln.versions.semver import Semver

_SEMVER = Semver()
_PART = re.compile(
    r"\s*(<=|>=|[<>=^~]?)\s*"
    r"(?:([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+)((?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)(?:\+[0-9A-Za-z.-]+)?)?"
    r"((?:\.[*xX]){0,2})|[*xX])\s*"
)


class Cargo:
    """A list in which all must hold; a bare version is a caret; prereleases lie where the order puts them."""

    id = "cargo"
    tags = frozenset({"crates.io"})
    scheme = _SEMVER

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the set as intervals; the end of a caret or tilde lies below the prereleases of the next version."""
        keys = Keys(_SEMVER)
        result: tuple[Interval, ...] = EVERYTHING
        for part in pieces(text, ","):
            found = _PART.fullmatch(part)
            if found is None:
                raise RangeError(f"`{part.strip()[:60]}` is no requirement of Cargo")
            result = common(result, _one(found), keys)
        return result


def _one(found: re.Match[str]) -> tuple[Interval, ...]:
    sign, major, minor, patch, prerelease, wild = found.groups()
    if major is None:
        return EVERYTHING
    numbers = [int(number) for number in (major, minor, patch) if number is not None]
    bottom = ".".join(str(number) for number in (*numbers, 0, 0)[:3]) + (prerelease or "")
    is_whole = len(numbers) == 3  # all three numbers are given
    match "=" if wild and not sign else sign:
        case "" | "^":
            place = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
            return (Interval(lo=bottom, hi=_after(numbers, place)),)
        case "~":
            return (Interval(lo=bottom, hi=_after(numbers, min(len(numbers) - 1, 1))),)
        case "=" if not is_whole:
            return (Interval(lo=bottom, hi=_after(numbers, len(numbers) - 1)),)
        case ">" if not is_whole:
            return (Interval(lo=_after(numbers, len(numbers) - 1)),)
        case "<=" if not is_whole:
            return (Interval(hi=_after(numbers, len(numbers) - 1)),)
        case other:
            return compared(other, bottom)


def _after(numbers: list[int], place: int) -> str:
    """Return the lowest prerelease of the version that follows when the number at `place` grows by one."""
    grown = [*numbers[:place], numbers[place] + 1, 0, 0][:3]
    return ".".join(str(number) for number in grown) + "-0"
