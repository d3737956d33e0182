"""Version specifiers of Python (packaging.python.org: version specifiers; PEP 440)."""

from packaging.specifiers import InvalidSpecifier, Specifier
from packaging.version import Version

from tidewaiter.core.vuln.advisory import Interval
from tidewaiter.core.vuln.ranges.algebra import EVERYTHING, common, compared, complement
from tidewaiter.core.vuln.ranges.language import RangeError, pieces
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.core.vuln.versions.pep440 import Pep440 as Order

_LONGEST_VERSION = 512
_ORDER = Order()
_HIGHEST_LOCAL = "+" + "z" * 8  # what a build adds to a version it does not change


class Pep440:
    """A list in which all must hold; prereleases lie where the order puts them.

    `<2` leaves out the prereleases of 2. `==1.0` takes `1.0+build` too. `>1.0` leaves out `1.0+build`, and keeps
    `1.0.post1`, which pip would not: an advisory that says "above 1.0" does not mean to leave it out.
    """

    id = "pep440"
    tags = frozenset({"PyPI"})
    scheme = _ORDER

    def intervals(self, text: str) -> tuple[Interval, ...]:
        """Return the set as intervals; RangeError for a version that PEP 440 refuses."""
        keys = Keys(_ORDER)
        result: tuple[Interval, ...] = EVERYTHING
        for part in pieces(text, ","):
            if not part.strip():
                continue
            result = common(result, _one(part.strip(), keys), keys)
        return result


def _one(text: str, keys: Keys) -> tuple[Interval, ...]:
    try:
        if len(text) > _LONGEST_VERSION:
            raise RangeError("a version is too long")
        specifier = Specifier(text)
        sign, version = specifier.operator, specifier.version
        if sign == "===":
            return (Interval(lo=version, hi=version, inclusive=True),)
        wild = version.endswith(".*")
        parsed = Version(version.removesuffix(".*"))
    except (InvalidSpecifier, ValueError) as error:
        raise RangeError(f"`{text[:60]}` is no specifier of PEP 440") from error
    if sign in {"==", "!="}:
        inside = (_series(parsed),) if wild else (_equal(parsed, version),)
        return inside if sign == "==" else complement(inside, keys)
    if sign == "~=":
        series = _series(Version(f"{parsed.epoch}!" + ".".join(map(str, parsed.release[:-1]))))
        return common((Interval(lo=version),), (series,), keys)
    if sign == "<" and not parsed.is_prerelease:
        return (Interval(hi=f"{parsed.public}.dev0"),) if not parsed.is_postrelease else compared(sign, version)
    if sign in {">", "<="} and parsed.local is None:
        top = version + _HIGHEST_LOCAL
        return (Interval(lo=top, above=True),) if sign == ">" else (Interval(hi=top, inclusive=True),)
    return compared(sign, version)


def _equal(parsed: Version, version: str) -> Interval:
    local = "" if parsed.local is not None else _HIGHEST_LOCAL
    return Interval(lo=version, hi=version + local, inclusive=True)


def _series(version: Version) -> Interval:
    """Return all that begins with the numbers of the version: from its first development release to the next one's."""
    epoch = f"{version.epoch}!" if version.epoch else ""
    numbers = version.release
    after = (*numbers[:-1], numbers[-1] + 1)
    return Interval(lo=f"{epoch}{'.'.join(map(str, numbers))}.dev0", hi=f"{epoch}{'.'.join(map(str, after))}.dev0")
