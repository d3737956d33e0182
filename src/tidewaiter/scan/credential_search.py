"""Searches texts for credentials: one automaton pass over the keywords, then a pattern in a small window per hit."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from tidewaiter.scan.token_format import Token, TokenFormat, is_placeholder, redact

UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
"""Marks at the beginning of texts in UTF-16, little-endian first."""
KEY_STORES: Final = (".jks", ".jceks", ".keystore", ".p12", ".pfx", ".pkcs12")
"""Ends of the names of binary files that are searched as well."""
MOST: Final = 200
"""Credentials of one text; a key store of thousands is one finding, not thousands."""


class CredentialSearch:
    """All formats joined; built once per run."""

    def __init__(self, formats: Iterable[TokenFormat]) -> None:
        """Build the automaton. A keyword may serve several formats."""
        by_keyword: dict[bytes, list[TokenFormat]] = {}
        self._by_file: dict[str, list[TokenFormat]] = {}
        for format_ in formats:
            for keyword in format_.keywords:
                by_keyword.setdefault(keyword, []).append(format_)
            for name in format_.files:
                self._by_file.setdefault(name, []).append(format_)
        self._formats = tuple(tuple(members) for members in by_keyword.values())
        self._automaton = BytesAhoCorasick(list(by_keyword), implementation=Implementation.DFA) if by_keyword else None

    def search(self, data: bytes | memoryview, path: str = "", *, head: int | None = None) -> tuple[Token, ...]:
        """Return the credentials of a text in order, each secret once; lines are unknown from byte `head` on.

        A text that begins with the mark of UTF-16 (RFC 2781), as editors and PowerShell on Windows write it, is decoded.
        """
        if bytes(data[:2]) in UTF_16:
            codec = "utf-16-le" if bytes(data[:1]) == UTF_16[0][:1] else "utf-16-be"
            data = bytes(data[2:]).decode(codec, "replace").encode()
            head = head // 2 if head is not None else None
        return tuple(one.token for one in self._find(data, path, head))

    def secrets(self, data: bytes, path: str = "") -> dict[bytes, str]:
        """Return each secret of a text with its redacted form, to hide it in texts that are told further."""
        return {data[one.start : one.end]: one.token.redacted for one in self._find(data, path, None)}

    def _find(self, data: bytes | memoryview, path: str, head: int | None) -> tuple["_Found", ...]:
        hits = self._automaton.find_matches_as_indexes(data, overlapping=True) if self._automaton is not None else []
        whole = self._by_file.get(path.rpartition("/")[2], ())
        if not hits and not whole:
            return ()
        text = bytes(data)
        found: dict[tuple[str, str], _Found] = {}
        for format_ in whole:
            for match in islice(format_.pattern.compiled.finditer(text), MOST):
                _keep(format_, match, text, head, found)
        for index, start, _ in hits:
            for format_ in self._formats[index]:
                near = _near(format_, text, start)
                if near is not None:
                    _keep(format_, near, text, head, found)
            if len(found) >= MOST:
                break
        return _distinct(found.values())


class _Found(NamedTuple):
    """A token and the bytes it stands in."""

    token: Token
    start: int
    end: int
    is_generic: bool


def _distinct(found: Iterable[_Found]) -> tuple[_Found, ...]:
    """Return what was found without those of generic formats that lie in, or hold, one that was told before them."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: one.is_generic):
        if not one.is_generic or not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))


def _near(format_: TokenFormat, text: bytes, start: int) -> re.Match[bytes] | None:
    """Return the match in the window around a keyword that begins at `start`."""
    first = max(start - format_.before, 0)
    if format_.before <= 1 and not format_.starts:
        return format_.pattern.compiled.match(text, start, start + format_.after)
    if not format_.starts:
        return format_.pattern.compiled.search(text, first, start + format_.after)
    at = text.rfind(format_.starts, first, start + len(format_.starts))
    return format_.pattern.compiled.match(text, at, start + format_.after) if at >= 0 else None


def _keep(
    format_: TokenFormat, match: re.Match[bytes], text: bytes, head: int | None, found: dict[tuple[str, str], _Found]
) -> None:
    secret = match["token"]
    if is_placeholder(secret) if format_.accept is None else not format_.accept(secret):
        return
    redacted = redact(secret)
    if (format_.id, redacted) in found:
        return
    at = match.start("token")
    line = text.count(b"\n", 0, at) + 1 if head is None or at < head else None
    verified = format_.verify is not None and format_.verify(secret)
    told = format_.describe(secret) if format_.describe is not None else ""
    title = f"{format_.title} {told}" if told else format_.title
    token = Token(rule=format_.id, title=title, redacted=redacted, line=line, verified=verified)
    found[format_.id, redacted] = _Found(token, at, match.end("token"), format_.is_generic)
