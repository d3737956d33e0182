"""The grammar of an owner: `name`, `team:<id>`, `mailto:<address>`, `slack:#<channel>`, `teams:<id>`."""

import re
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z")
_GRAMMAR: Final = {
    "team": re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,127}\Z"),
    "mailto": re.compile(r"[^@\s<>(),;:\\\"\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?\Z"),
    "slack": re.compile(r"#[a-z0-9_-]{1,80}\Z"),
    "teams": re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:-]{0,255}\Z"),
}
"""A workload's annotation is user input: it may choose a channel by name, never an address of the network."""
_LONGEST: Final = 300


def normalised(text: str) -> str:
    """Return an owner as our grammar writes it: a mail address as `mailto:`, `@org/team` as `team:org/team`.

    CODEOWNERS files and image labels name people in these forms; other text is returned as it is.
    """
    text = text.strip()[:_LONGEST]
    if text.startswith("@"):
        name = text[1:]
        return f"team:{name}" if "/" in name else name
    if ":" not in text and _GRAMMAR["mailto"].match(text):
        return f"mailto:{text}"
    return text


def is_routable(value: str) -> bool:
    """Tell whether a message can be sent to this owner; anything else is kept as text and reported."""
    scheme, colon, rest = value.partition(":")
    if not colon:
        return bool(_NAME.match(value))
    grammar = _GRAMMAR.get(scheme)
    return grammar is not None and bool(grammar.match(rest))
