"""Linear-time regular expressions: the one wrapper around RE2 for every pattern of a user or a document.

RE2 guarantees a match time linear in the subject, so no pattern of a policy can stall a gate. Its syntax has neither
back-references nor look-around. The wrapper bounds the pattern's length, keeps RE2 from writing to standard error and
turns its errors into one with the pattern, the reason and the place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import re2

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PATTERN_LENGTH = 4096
"""The longest accepted pattern in code points."""

_KEPT = 4096
"""Compiled patterns kept; patterns of policies repeat, so this is a bound and not a working size."""


class PatternError(ValueError):
    """A pattern that RE2 refuses: the pattern, the reason, and the offset of the offending part where it is known."""

    def __init__(self, pattern: str, reason: str, offset: int | None = None) -> None:
        place = "" if offset is None else f" at offset {offset}"
        shown = pattern if len(pattern) <= 80 else f"{pattern[:77]}..."
        super().__init__(f"invalid regular expression {shown!r}{place}: {reason}")
        self.pattern = pattern
        self.reason = reason
        self.offset = offset


class Match:
    """One match: `text`, its `start` and `end` in code points of the subject, and the groups (None where unset)."""

    __slots__ = ("end", "groups", "start", "text")

    def __init__(self, text: str, start: int, end: int, groups: tuple[str | None, ...]) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.groups = groups


class Pattern:
    """A compiled pattern. Instances are immutable and may be used by several threads at once."""

    __slots__ = ("_compiled", "groups", "source")

    def __init__(self, source: str, *, ignore_case: bool = False) -> None:
        if len(source) > MAX_PATTERN_LENGTH:
            raise PatternError(source, f"longer than {MAX_PATTERN_LENGTH} characters", MAX_PATTERN_LENGTH)
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = not ignore_case
        try:
            self._compiled = re2.compile(source, options)
        except re2.error as error:
            raise _explained(source, error) from None
        except UnicodeEncodeError:
            raise PatternError(source, "not valid Unicode") from None
        self.source = source
        self.groups: int = self._compiled.groups

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"

    def found(self, subject: str) -> bool:
        """Whether the pattern matches anywhere in the subject (unanchored)."""
        try:
            # Bytes spare the binding its translation of offsets, which nobody asks for here.
            return self._compiled.search(subject.encode()) is not None
        except UnicodeEncodeError:
            return self._compiled.search(_cleaned(subject)) is not None

    def whole(self, subject: str) -> bool:
        """Whether the pattern matches the whole subject, a final newline included."""
        return self._compiled.fullmatch(_cleaned(subject)) is not None

    def search(self, subject: str) -> Match | None:
        """Return the leftmost match, or None."""
        match = self._compiled.search(_cleaned(subject))
        return None if match is None else _as_match(match)

    def matches(self, subject: str) -> Iterator[Match]:
        """Yield all matches that do not overlap, from left to right."""
        for match in self._compiled.finditer(_cleaned(subject)):
            yield _as_match(match)


@lru_cache(maxsize=_KEPT)
def compile_pattern(source: str, *, ignore_case: bool = False) -> Pattern:
    """Return the compiled pattern, kept for the next call. Raises `PatternError`, also for the same pattern again."""
    return Pattern(source, ignore_case=ignore_case)


def escape(text: str) -> str:
    """Return a pattern that matches exactly this text."""
    return "".join(character if character.isalnum() or character == "_" else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return f"\\{character}" if character.isascii() and character != "\0" else f"\\x{{{ord(character):x}}}"


def _cleaned(subject: str) -> str:
    """Replace lone surrogates, which have no UTF-8 form, so that foreign bytes in a document cannot raise."""
    return subject if subject.isascii() else subject.encode("utf-8", "replace").decode("utf-8")


def _as_match(match: re2._Match) -> Match:
    return Match(match.group(), match.start(), match.end(), tuple(match.groups()))


def _explained(source: str, error: re2.error) -> PatternError:
    """Translate RE2's `reason: fragment`; the fragment's place is sought in the pattern."""
    raw = error.args[0] if error.args else b"invalid"
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    reason, separator, fragment = text.partition(": ")
    offset = source.find(fragment) if separator and fragment else -1
    return PatternError(source, text if offset < 0 else f"{reason} {fragment!r}", offset if offset >= 0 else None)
