"""Searches texts for credentials: one automaton pass over the keywords, then a pattern in a small window per hit."""

from collections.abc import Iterable
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, Implementation

from tidewaiter.scan.token_format import Token, TokenFormat, is_placeholder, redact

_MOST: Final = 200
"""Credentials of one text; a key store of thousands is one finding, not thousands."""


class CredentialSearch:
    """All formats joined; built once per run."""

    def __init__(self, formats: Iterable[TokenFormat]) -> None:
        """Build the automaton. A keyword may serve several formats."""
        by_keyword: dict[bytes, list[TokenFormat]] = {}
        for format_ in formats:
            for keyword in format_.keywords:
                by_keyword.setdefault(keyword, []).append(format_)
        self._formats = tuple(tuple(members) for members in by_keyword.values())
        self._automaton = BytesAhoCorasick(list(by_keyword), implementation=Implementation.DFA) if by_keyword else None

    def search(self, data: bytes | memoryview, path: str = "", *, head: int | None = None) -> tuple[Token, ...]:
        """Return the credentials of a text in order, each secret once; lines are unknown from byte `head` on."""
        if self._automaton is None:
            return ()
        hits = self._automaton.find_matches_as_indexes(data, overlapping=True)
        if not hits:
            return ()
        text = bytes(data)
        found: dict[tuple[str, str], Token] = {}
        for index, start, _ in hits:
            for format_ in self._formats[index]:
                token = _match(format_, text, start, path, head)
                if token is not None:
                    found.setdefault((token.rule, token.redacted), token)
            if len(found) >= _MOST:
                break
        return tuple(found.values())


def _match(format_: TokenFormat, text: bytes, start: int, path: str, head: int | None) -> Token | None:
    if format_.paths is not None and not format_.paths.search(path):
        return None
    match = format_.pattern.search(text, max(start - format_.before, 0), start + format_.after)
    if match is None:
        return None
    secret = match["token"]
    if is_placeholder(secret) if format_.accept is None else not format_.accept(secret):
        return None
    at = match.start("token")
    line = text.count(b"\n", 0, at) + 1 if head is None or at < head else None
    verified = format_.verify is not None and format_.verify(secret)
    return Token(rule=format_.id, title=format_.title, redacted=redact(secret), line=line, verified=verified)
