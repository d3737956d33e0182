"""The groups of a `Gemfile` (bundler.io: gemfile(5)), as far as its lines tell without running them."""

import re
from collections.abc import Iterator
from typing import Final

from tidewaiter.scan.lockfiles.graph import scope_of_group, widest
from tidewaiter.scan.lockfiles.reader import Scope
from tidewaiter.scan.lockfiles.source import text_of

_GEM: Final = re.compile(r"gem[ (]\s*[\"']([\w.-]{1,200})[\"'](.*)")
_GROUP: Final = re.compile(r"group[ (](.{1,500}?)\)?\s*do")
_OPTION: Final = re.compile(r"(?:\bgroups?:|:groups?\s*=>)\s*(\[[^\]]{0,300}\]|:\w+|[\"']\w+[\"'])")
_WORD: Final = re.compile(r":(\w+)|[\"'](\w+)[\"']")
_OPENS: Final = re.compile(r"(?:if|unless|case|begin|def)\b.*|.*\bdo(?:\s*\|[^|]*\|)?")
_LONGEST: Final = 2000


def gemfile_scopes(data: bytes) -> dict[str, Scope]:
    """Return the scope of each gem that a line names; a gem in several groups has the widest."""
    found: dict[str, list[Scope]] = {}
    within: list[tuple[str, ...]] = []
    for line in _lines(text_of(data)):
        gem = _GEM.fullmatch(line)
        group = _GROUP.fullmatch(line)
        if gem is not None:
            option = _OPTION.search(gem[2])
            named = [*(name for names in within for name in names), *(_names(option[1]) if option else ())]
            scopes = [scope_of_group(name) for name in named]
            found.setdefault(gem[1], []).append(widest(scopes) if scopes else "prod")
        elif group is not None:
            within.append(_names(group[1]))
        elif line == "end":
            if within:
                within.pop()
        elif _OPENS.fullmatch(line):
            within.append(())
    return {name: widest(scopes) for name, scopes in found.items()}


def _lines(text: str) -> Iterator[str]:
    """Yield the lines without comments, those that end with a comma joined with the next."""
    pieces: list[str] = []
    for raw in text.split("\n"):
        line = raw[:_LONGEST].strip()
        if line.startswith("#"):
            continue
        line = line.partition(" #")[0].strip()
        pieces.append(line)
        if line.endswith(",") and sum(map(len, pieces)) < _LONGEST:
            continue
        yield " ".join(pieces)
        pieces = []
    if pieces:
        yield " ".join(pieces)


def _names(written: str) -> tuple[str, ...]:
    return tuple(symbol or text for symbol, text in _WORD.findall(written))
