"""Globs of paths as ignore files write them: `*` stays inside one segment, `**` stands for any folders."""

import re
from functools import lru_cache
from typing import Final

from tidewaiter.core.regex import Pattern, PatternError, compile_pattern, escape

_TOKEN: Final = re.compile(r"\*\*/?|\*|\?")
_MEANINGS: Final = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=4096)
def _pattern(glob: str) -> Pattern | None:
    parts: list[str] = []
    at = 0
    for token in _TOKEN.finditer(glob):
        parts += (escape(glob[at : token.start()]), _MEANINGS[token[0]])
        at = token.end()
    try:
        return compile_pattern("(?s:" + "".join(parts) + escape(glob[at:]) + ")")
    except PatternError:
        return None


def matches_path(glob: str, path: str) -> bool:
    """Tell whether a glob, taken from the root, means the path; a leading `/` on either side changes nothing."""
    pattern = _pattern(glob.lstrip("/"))
    return pattern is not None and pattern.whole(path.lstrip("/"))
