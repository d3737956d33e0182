"""Globs of selectors and of the CEL function `glob`: `*` is any text (`/` included), `?` one character."""

from collections.abc import Iterable


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole `text` fits `pattern`, in time proportional to their product at worst.

    The newest star alone is retried, so a pattern of many stars cannot make the search explode.
    """
    at_pattern = at_text = 0
    star = -1
    resume = 0
    while at_text < len(text):
        symbol = pattern[at_pattern] if at_pattern < len(pattern) else ""
        if symbol == "*":
            star, resume = at_pattern, at_text
            at_pattern += 1
        elif symbol and symbol in {"?", text[at_text]}:
            at_pattern += 1
            at_text += 1
        elif star >= 0:
            resume += 1
            at_pattern, at_text = star + 1, resume
        else:
            return False
    return not pattern[at_pattern:].strip("*")


def any_matches(patterns: Iterable[str], text: str) -> bool:
    """Tell whether one of the patterns fits."""
    return any(matches(pattern, text) for pattern in patterns)
