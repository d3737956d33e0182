"""Lines of text for a terminal: wrapped, coloured on wish, and safe whatever a document contains."""

import textwrap
import unicodedata
from typing import Final

_ESCAPE: Final = "\x1b["
_STYLES: Final = {
    "critical": "1;35",
    "high": "1;31",
    "medium": "33",
    "unknown": "33",
    "low": "36",
    "info": "2",
    "dim": "2",
    "bold": "1",
    "pass": "1;32",
    "fail": "1;31",
}
"""SGR parameters (ECMA-48 8.3.117)."""
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories that move the cursor, reorder or hide text: controls, format characters such as bidi marks."""
_LONGEST: Final = 2_000
"""Characters of one hostile text that are shown; a name of a megabyte must not bury the report."""
_NARROWEST: Final = 40


def clean(text: str) -> str:
    """Return the text on one line, with every character that a terminal would obey written as an escape."""
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    if shown.isascii() and shown.isprintable():
        return shown
    return "".join(map(_visible, shown))


def _visible(character: str) -> str:
    if character in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character]
    if unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class Page:
    """Collects lines; only this class writes escape sequences."""

    def __init__(self, *, colour: bool, width: int) -> None:
        """Start an empty page of `width` columns."""
        self._colour = colour
        self._width = max(width, _NARROWEST)
        self._lines: list[str] = []

    def line(self, text: str = "", *, style: str = "", indent: int = 0, first: str = "", first_style: str = "") -> None:
        """Add a paragraph: `first` (a label) stands before it, following lines align after `indent` blanks.

        `text` and `first` are cleaned here; callers never clean twice. Two empty lines in a row become one.
        """
        if not text and not first and self._lines[-1:] == [""]:
            return
        label = clean(first)
        room = max(self._width - indent, _NARROWEST // 2)
        parts = textwrap.wrap(clean(text), room, break_on_hyphens=False, break_long_words=False) or [""]
        head = " " * max(indent - len(label), 0)
        self._lines.append((self._paint(label, first_style or style) + head + self._paint(parts[0], style)).rstrip())
        self._lines += [" " * indent + self._paint(part, style) for part in parts[1:]]

    def verbatim(self, text: str, *, dim: bool = False) -> None:
        """Add one line that is not wrapped, such as source text; tabs become blanks, the rest is cleaned."""
        self._lines.append("  " + self._paint(clean(text.expandtabs(4)), "dim" if dim else ""))

    def _paint(self, text: str, style: str) -> str:
        if not self._colour or not text or style not in _STYLES:
            return text
        return f"{_ESCAPE}{_STYLES[style]}m{text}{_ESCAPE}0m"

    def text(self) -> str:
        """Return the page, ending in one newline."""
        return "\n".join(self._lines).rstrip("\n") + "\n"


def counted(number: int, noun: str) -> str:
    """Return `1 group`, `2 groups`, `2 vulnerabilities`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"
