"""Compile errors: every issue of an expression with its place and, where one exists, a hint."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with an expression. Lines and columns count from 1, columns in code points."""

    message: str
    offset: int
    line: int
    column: int
    hint: str | None = None

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.line}:{self.column}: {self.message}{hint}"


class CompileError(ValueError):
    """An expression that does not compile. `issues` holds all that is wrong; the other attributes are the first's."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__("; ".join(str(issue) for issue in issues))
        self.issues = tuple(issues)
        first = self.issues[0]
        self.message = first.message
        self.line = first.line
        self.column = first.column
        self.offset = first.offset
        self.hint = first.hint


def issue_at(source: str, offset: int, message: str, hint: str | None = None) -> Issue:
    """Return an issue at an offset of the source, with line and column worked out."""
    offset = min(max(offset, 0), len(source))
    line = source.count("\n", 0, offset) + 1
    column = offset - (source.rfind("\n", 0, offset) + 1) + 1
    return Issue(message=message, offset=offset, line=line, column=column, hint=hint)


def suggestion(name: str, known: Iterable[str]) -> str | None:
    """Return `did you mean ...?` for the nearest known name, or None when nothing is near."""
    candidates = sorted(known)
    folded = {candidate.lower(): candidate for candidate in candidates}
    if name.lower() in folded:
        return f"did you mean `{folded[name.lower()]}`?"
    close = get_close_matches(name, candidates, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else None
