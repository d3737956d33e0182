"""Cuts a YAML stream into its documents before parsing, so that a broken one cannot hide the next.

YAML forbids a line that starts with `---` or `...` inside any scalar (YAML 1.2.2, production c-forbidden), so cutting
at such lines is exact.
"""

import re

_MARK = re.compile(rb"(?:\A|(?<=\n)|(?<=\r))(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
# possessive throughout: CRLF could be taken apart in two ways, and trying both for every line is exponential
_BLANK = re.compile(rb"(?:[ \t]*+(?:#[^\r\n]*+)?+(?:\r\n?+|\n))*+[ \t]*+(?:#[^\r\n]*+)?+\Z")
_ONLY_PROLOGUE = re.compile(
    rb"(?:(?:%[^\r\n]*+|[ \t]*+(?:#[^\r\n]*+)?+)(?:\r\n?+|\n))*+(?:%[^\r\n]*+|[ \t]*+(?:#[^\r\n]*+)?+)\Z"
)


def split_documents(text: bytes) -> list[tuple[int, int]]:
    """Return start and end (bytes) of every document in `text`, in order.

    Directives and comments before a `---` belong to the document that it opens; a stretch of comments that no `---`
    opens is no document, and a `---` with nothing behind it is one (null), as in every YAML library.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    opened = False
    for match in _MARK.finditer(text):
        here = match.start()
        if match.group() == b"---":
            if opened or _ONLY_PROLOGUE.match(text, start, here) is None:
                spans.append((start, here))
                start = here
            opened = True
        else:
            if opened or _BLANK.match(text, start, here) is None:
                spans.append((start, match.end()))
            start = match.end()
            opened = False
    if opened or _BLANK.match(text, start) is None:
        spans.append((start, len(text)))
    return spans
