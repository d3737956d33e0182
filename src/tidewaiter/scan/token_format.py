"""What a credential format declares, and the helpers that several formats share."""

import hashlib
import re
import zlib
from collections.abc import Callable
from typing import Final

import msgspec

_BASE62: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PLACEHOLDER: Final = re.compile(
    rb"EXAMPLE|[Ee]xample|(?:[Yy]our|YOUR)[-_]|[Pp]laceholder|PLACEHOLDER|[Cc]hange[-_]?[Mm]e|CHANGE_?ME|REDACTED|[Rr]edacted"
    rb"|\.\.\.|\*\*\*|<|\$\{|\{\{|012345678|123456789|abcdefgh|ABCDEFGH",
)
_RUN: Final = re.compile(rb"(.)\1{5}")


class TokenFormat(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of credential: how it is found fast, how it is told from look-alikes."""

    id: str
    """Kebab-case, equal to the file name or a part of its group."""
    title: str
    version: int = 1
    """Grows whenever the same input gives another result."""
    tags: frozenset[str] = frozenset()
    keywords: tuple[bytes, ...] = ()
    """Distinctive literal bytes (at least three) of which one is in every credential of this format."""
    files: tuple[str, ...] = ()
    """File names that are searched as a whole instead, for formats that only their file tells from other text."""
    pattern: re.Pattern[bytes]
    """Matched in a window around a keyword, or through a whole file; group `token` is the secret."""
    starts: bytes = b""
    """Literal with which every match begins; the pattern is then tried once per keyword, at the last one before it."""
    before: int = 0
    """Bytes of the window before the keyword."""
    after: int = 256
    """Bytes of the window from the start of the keyword."""
    verify: Callable[[bytes], bool] | None = None
    """Returns whether the token's own checksum is right."""
    accept: Callable[[bytes], bool] | None = None
    """A further test of the token; the default refuses placeholders."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A credential seen in a text; the secret itself is not kept."""

    rule: str
    title: str
    redacted: str
    line: int | None
    """Counted from 1; None behind the part of a large file that was left out."""
    verified: bool = False


def redact(token: bytes) -> str:
    """Return the first 4 characters, the length and the first 8 hex digits of the SHA-256."""
    start = token[:4].decode("latin-1").encode("ascii", "replace").decode()
    return f"{start}… ({len(token)} characters, sha256 {hashlib.sha256(token).hexdigest()[:8]})"


def is_placeholder(token: bytes) -> bool:
    """Return whether a token is an example: it says so, repeats one character, counts up, or has few characters."""
    if _PLACEHOLDER.search(token) or _RUN.search(token):
        return True
    return len(token) >= 12 and len(set(token)) < 6


def has_crc32(token: bytes) -> bool:
    """Return whether the last 6 characters are the base-62 CRC-32 of the 30 before them, behind the first `_`.

    GitHub and npm write their tokens so (github.blog: behind GitHub's new authentication token formats).
    """
    body = token.rpartition(b"_")[2]
    if len(body) != 36:
        return False
    rest = zlib.crc32(body[:30])
    digits = bytearray()
    while rest:
        rest, digit = divmod(rest, 62)
        digits.append(_BASE62[digit])
    return bytes(reversed(digits)).rjust(6, b"0") == body[30:]
