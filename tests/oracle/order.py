"""Version order written a second time, from the published descriptions; the plainest form, no keys, no caches.

Each function gives -1, 0 or 1. Descriptions: Debian Policy 5.6.12; rpm-software-management/rpm: docs/man/rpm-version;
apk-tools: doc/apk-package.5; semver.org 2.0.0; PEP 440 (through `packaging`); rubygems: Gem::Version; Maven's POM
reference; PHP's version_compare; NuGet's package versioning.
"""

import re
from collections.abc import Callable, Sequence
from functools import cmp_to_key
from itertools import zip_longest
from typing import Any, Final

from packaging.version import InvalidVersion, Version

Compare = Callable[[str, str], int]


def cmp(a: Any, b: Any) -> int:
    """Return -1, 0 or 1 for two values of one type."""
    return int(a > b) - int(a < b)


def _first(*results: int) -> int:
    return next((one for one in results if one), 0)


def _dpkg_weight(char: str) -> int:
    return {"~": -1, "": 0}.get(char, ord(char[:1] or "\0") + (0 if char.isalpha() else 256))


def _dpkg_part(a: str, b: str) -> int:
    while a or b:
        words = [re.match(r"\D*", text).group() for text in (a, b)]  # type: ignore[union-attr]
        for one, other in zip_longest(*words, fillvalue=""):
            if _dpkg_weight(one) != _dpkg_weight(other):
                return cmp(_dpkg_weight(one), _dpkg_weight(other))
        a, b = a[len(words[0]) :], b[len(words[1]) :]
        runs = [re.match(r"\d*", text).group() for text in (a, b)]  # type: ignore[union-attr]
        if int(runs[0] or 0) != int(runs[1] or 0):
            return cmp(int(runs[0] or 0), int(runs[1] or 0))
        a, b = a[len(runs[0]) :], b[len(runs[1]) :]
    return 0


def dpkg(a: str, b: str) -> int:
    """Compare two Debian versions."""

    def split(text: str) -> tuple[int, str, str]:
        epoch, colon, rest = text.strip().partition(":")
        if not colon:
            epoch, rest = "0", text.strip()
        upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
        return int(epoch), upstream, revision

    one, other = split(a), split(b)
    return _first(cmp(one[0], other[0]), _dpkg_part(one[1], other[1]), _dpkg_part(one[2], other[2]))


def _rpm_rank(token: str) -> int:
    if token in ("~", "", "^"):
        return {"~": 0, "": 1, "^": 2}[token]
    return 4 if token.isdigit() else 3


def _rpm_part(a: str, b: str) -> int:
    tokens = [re.findall(r"[0-9]+|[A-Za-z]+|[~^]", text) for text in (a, b)]
    for one, other in zip_longest(*tokens, fillvalue=""):
        if _rpm_rank(one) != _rpm_rank(other):
            return cmp(_rpm_rank(one), _rpm_rank(other))
        result = cmp(int(one), int(other)) if one.isdigit() else cmp(one, other)
        if result:
            return result
    return 0


def rpm(a: str, b: str) -> int:
    """Compare two `[epoch:]version[-release]` of rpm; a missing release is below any."""

    def split(text: str) -> tuple[int, str, str | None]:
        found = re.fullmatch(r"(?:([0-9]+):)?([^-]*)(?:-(.*))?", text.strip())
        return (int(found[1] or 0), found[2], found[3]) if found else (0, text, None)

    one, other = split(a), split(b)
    if first := _first(cmp(one[0], other[0]), _rpm_part(one[1], other[1])):
        return first
    if one[2] is None or other[2] is None:
        return cmp(one[2] is not None, other[2] is not None)
    return _rpm_part(one[2], other[2])


APK: Final = re.compile(
    r"(\d+(?:\.\d+)*)((?:[a-z]\d*)?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)(?:~[0-9a-f]+)?(?:-r(\d+))?"
)
_APK_WORDS: Final = ("alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p")


def _apk_numbers(one: str | None, other: str | None, *, first: bool) -> int:
    if one is None or other is None:
        return cmp(one is not None, other is not None)
    if not first and (one.startswith("0") or other.startswith("0")):
        return cmp(one, other)
    return cmp(int(one), int(other))


def apk(a: str, b: str) -> int:
    """Compare two versions of apk; both must be in its grammar, else see `valid`."""
    one, other = APK.fullmatch(a), APK.fullmatch(b)
    if one is None or other is None:
        head = apk(APK.match(a).group(), APK.match(b).group()) if APK.match(a) and APK.match(b) else 0  # type: ignore[union-attr]
        return head or cmp(one is not None, other is not None) or cmp(a, b)
    for place, pair in enumerate(zip_longest(one[1].split("."), other[1].split("."))):
        if result := _apk_numbers(*pair, first=place == 0):
            return result
    suffixes = [re.findall(r"_([a-z]+)(\d*)", found[3]) for found in (one, other)]
    letters = [(found[2][:1], int(found[2][1:] or -1)) for found in (one, other)]  # apk-tools takes `9.5p2`
    ends = [cmp(*letters)]
    for left, right in zip_longest(*suffixes, fillvalue=("", "")):
        ends += [cmp(_APK_WORDS.index(left[0]), _APK_WORDS.index(right[0])), cmp(int(left[1] or 0), int(right[1] or 0))]
    return _first(*ends, cmp(int(one[4] or -1), int(other[4] or -1)))


def _semver_identifier(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return cmp(one is not None, other is not None)
    if one.isdigit() and other.isdigit():
        return cmp(int(one), int(other))
    return cmp(other.isdigit(), one.isdigit()) or cmp(one, other)


def _semver(a: str, b: str, *, build: bool = False, fold: bool = False) -> int:
    def split(text: str) -> tuple[list[int], list[str], list[str]]:
        text = text.strip().lstrip("=vV ").lower() if fold else text.strip().lstrip("=vV ")
        text, _, built = text.partition("+")
        core, _, pre = text.partition("-")
        return [int(part) for part in core.split(".")], pre.split(".") if pre else [], built.split(".") if built else []

    one, other = split(a), split(b)
    for left, right in zip_longest(one[0], other[0], fillvalue=0):
        if left != right:
            return cmp(left, right)
    if bool(one[1]) != bool(other[1]):
        return -1 if one[1] else 1
    pairs: list[tuple[Any, Any]] = list(zip_longest(one[1], other[1]))
    pairs += zip_longest(one[2], other[2]) if build else ()
    return _first(*(_semver_identifier(*pair) for pair in pairs))


def semver(a: str, b: str) -> int:
    """Compare as semver.org tells, short forms allowed (npm, cargo, Go, Hex, Bitnami)."""
    return _semver(a, b)


def bitnami(a: str, b: str) -> int:
    """Compare as bitnami/go-version does: as semver, but `-N` is the revision of a build, above the plain version."""
    split = [re.fullmatch(r"(.*?)(?:-(\d+))?", text.strip()) for text in (a, b)]
    first, second = ((found[1], int(found[2] or 0)) for found in split if found)
    return semver(first[0], second[0]) or cmp(first[1], second[1])


def pub(a: str, b: str) -> int:
    """Compare as Dart does: as semver, and build metadata counts."""
    return _semver(a, b, build=True)


def nuget(a: str, b: str) -> int:
    """Compare as NuGet does: up to four numbers, the rest without regard to case."""
    return _semver(a, b, fold=True)


def _legacy(text: str) -> list[str]:
    parts: list[str] = []
    same = {"pre": "c", "preview": "c", "rc": "c", "-": "final-", "dev": "@"}
    words = [word for word in re.split(r"(\d+|[a-z]+|\.|-)", text.lower()) if word and word != "."]
    for part in [*(word.zfill(8) if word.isdigit() else "*" + same.get(word, word) for word in words), "*final"]:
        if part.startswith("*") and part < "*final":
            while parts and parts[-1] == "*final-":
                parts.pop()
        while part.startswith("*") and parts and parts[-1] == "00000000":
            parts.pop()
        parts.append(part)
    return parts


def pypi(a: str, b: str) -> int:
    """Compare as PEP 440 tells; what it refuses sorts below, as setuptools sorted before PEP 440."""
    old = [not _valid_pypi(text) for text in (a, b)]
    if any(old):
        return cmp(old[1], old[0]) or cmp(_legacy(a), _legacy(b))
    return cmp(Version(a), Version(b))


def gem(a: str, b: str) -> int:
    """Compare as Gem::Version does."""

    def halves(text: str) -> list[list[int | str]]:
        text = text.strip().replace("-", ".pre.")
        parts = [int(part) if part.isdigit() else part for part in re.findall(r"[0-9]+|[a-z]+", text, re.IGNORECASE)]
        at = next((place for place, part in enumerate(parts) if isinstance(part, str)), len(parts))
        both: list[list[int | str]] = [parts[:at], parts[at:]]
        for half in both:
            while half and half[-1] == 0:
                half.pop()
        return both

    left, right = ([part for half in halves(text) for part in half] for text in (a, b))
    for one, other in zip_longest(left, right, fillvalue=0):
        if isinstance(one, str) != isinstance(other, str):
            return -1 if isinstance(one, str) else 1
        if one != other:
            return cmp(one, other)
    return 0


def composer(a: str, b: str) -> int:
    """Compare as PHP's version_compare does, a leading `v` dropped."""
    order = ("other", "dev", "a", "b", "rc", "#", "p")

    def parts(text: str) -> list[str]:
        text = re.sub(r"[-_+]", ".", text.strip().removeprefix("v").removeprefix("V"))
        return [part for part in re.sub(r"(?<=\d)(?=[^\d.])|(?<=[^\d.])(?=\d)", ".", text).split(".") if part]

    def rank(part: str) -> int:
        if part.isdigit():
            return order.index("#")
        return next(
            (order.index(word.lower()) for word in ("dev", "a", "b", "RC", "rc", "p") if part.startswith(word)), 0
        )

    def one_pair(left: str | None, right: str | None) -> int:
        if left is None or right is None:
            more = left if left is not None else right or ""
            sign = 1 if left is not None else -1
            return sign if more.isdigit() else sign * cmp(rank(more), order.index("#"))
        return cmp(int(left), int(right)) if left.isdigit() and right.isdigit() else cmp(rank(left), rank(right))

    return next((result for pair in zip_longest(parts(a), parts(b)) if (result := one_pair(*pair))), 0)


def _valid_pypi(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


_SEMVER: Final = re.compile(r"[=vV ]*\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\s*")
_GRAMMARS: Final[dict[str, Callable[[str], object]]] = {
    "dpkg": re.compile(r"\d[A-Za-z0-9.+~-]*|\d+:\d[A-Za-z0-9.+~:-]*").fullmatch,
    "rpm": re.compile(r"(\d+:)?[^-:]+(-[^-]+)?").fullmatch,
    "apk": APK.fullmatch,
    "semver": _SEMVER.fullmatch,
    "bitnami": _SEMVER.fullmatch,
    "pub": _SEMVER.fullmatch,
    "nuget": re.compile(r"\s*\d+(\.\d+){0,3}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\s*").fullmatch,
    "pypi": _valid_pypi,
    "gem": re.compile(r"\s*(\d+(\.[0-9A-Za-z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?)?\s*").fullmatch,
    "composer": re.compile(
        r"v?\d+(\.\d+){0,3}([._-]?(stable|beta|b|rc|alpha|a|patch|pl|p)([.-]?\d+)*)?([.-]?dev)?(\+.*)?", re.IGNORECASE
    ).fullmatch,
    "maven": re.compile(r".+").fullmatch,
}


def valid(kind: str, text: str) -> bool:
    """Tell whether the ecosystem's own grammar takes the version."""
    return bool(_GRAMMARS[kind](text))


def sort(compare: Compare, versions: Sequence[str]) -> list[str]:
    """Return the versions in rising order."""
    return sorted(versions, key=cmp_to_key(compare))
