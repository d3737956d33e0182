"""Order of Python versions (PEP 440), with the older order for texts that it refuses."""

import re
from typing import Any

from packaging.version import Version

_TOKENS = re.compile(r"([0-9]+|[a-z]+|\.|-)")
_NAMES = {"pre": "c", "preview": "c", "rc": "c", "-": "final-", "dev": "@"}
_FINAL = "*final"
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*", re.ASCII)
_SHORT = 64
_FINISHED = ((2,), (0,), (1,), (0,))
"""No prerelease, no post release, no development release, no local version."""
_LONGEST = 512  # no index holds longer versions; a longer text is damage or an attack


class Pep440:
    """PEP 440; every text that it refuses sorts below every version, in setuptools' order of old."""

    id = "pep440"
    tags = frozenset({"PyPI"})

    def key(self, version: str) -> Any:
        """Return (1, PEP 440 key) or (0, legacy key)."""
        if len(version) <= _SHORT and _NUMBERS.fullmatch(version) is not None:
            # Most versions are numbers and dots, which need no parser.
            release = [int(part) for part in version.split(".")]
            while release and release[-1] == 0:
                release.pop()
            return 1, 0, tuple(release), *_FINISHED
        parsed = _parse(version)
        return (0, _legacy(version)) if parsed is None else (1, *_modern(parsed))

    def is_valid(self, version: str) -> bool:
        """Accept what `packaging` accepts."""
        return _parse(version) is not None

    def is_key_of_valid(self, key: Any) -> bool:
        """Tell by its key whether a version is accepted."""
        return bool(key[0])


def _parse(version: str) -> Version | None:
    if len(version) > _LONGEST:
        return None
    try:
        return Version(version)
    except ValueError:
        return None


def _modern(version: Version) -> tuple[Any, ...]:
    """Return epoch, release without trailing zeros, then pre, post, dev and local as comparable tuples."""
    release = list(version.release)
    while release and release[-1] == 0:
        release.pop()
    if version.pre is not None:
        pre: tuple[Any, ...] = (1, *version.pre)
    elif version.post is None and version.dev is not None:
        pre = (0,)  # 1.0.dev1 precedes 1.0a1
    else:
        pre = (2,)
    post = (0,) if version.post is None else (1, version.post)
    dev = (1,) if version.dev is None else (0, version.dev)
    return version.epoch, tuple(release), pre, post, dev, _local(version.local)


def _local(local: str | None) -> tuple[Any, ...]:
    if local is None:
        return (0,)
    return 1, *((1, int(part), "") if part.isdigit() else (0, 0, part) for part in local.split("."))


def _legacy(version: str) -> tuple[str, ...]:
    """Return the words of setuptools' order (pypa/setuptools: pkg_resources before PEP 440)."""
    parts: list[str] = []
    for token in [*_TOKENS.split(version.lower()), _FINAL]:
        name = _NAMES.get(token, token)
        if name in {"", "."}:
            continue
        if name[0] in "0123456789":
            parts.append(name.zfill(8))
            continue
        word = name if name == _FINAL else f"*{name}"
        if word < _FINAL:
            while parts and parts[-1] == "*final-":
                parts.pop()
        while parts and parts[-1] == "00000000":
            parts.pop()
        parts.append(word)
    return tuple(parts)
