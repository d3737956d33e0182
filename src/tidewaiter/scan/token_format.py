"""What a credential format declares, and the helpers that several formats share."""

import hashlib
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Final

import msgspec

from tidewaiter.scan.lazy_pattern import LazyPattern

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
    pattern: LazyPattern
    """Matched in a window around a keyword, or through a whole file; group `token` is the secret."""
    starts: bytes = b""
    """Literal with which every match begins; the pattern is then tried once per keyword, at the last one before it."""
    before: int = 0
    """Bytes of the window before the keyword; up to 1, every match begins with the keyword and is tried only there."""
    after: int = 256
    """Bytes of the window from the start of the keyword."""
    verify: Callable[[bytes], bool] | None = None
    """Returns whether the token's own checksum is right."""
    accept: Callable[[bytes], bool] | None = None
    """A further test of the token; the default refuses placeholders."""
    is_generic: bool = False
    """True when only its place makes it a secret: a format that knows the token by a mark of its own has precedence."""
    describe: Callable[[bytes], str] | None = None
    """Returns what the token itself tells, such as the account it belongs to; follows the title, may be empty."""


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


def crc32_hex(token: bytes) -> bytes:
    """Return the CRC-32 of a token as 8 upper-case hex digits, the highest first."""
    return b"%08X" % zlib.crc32(token)


def entropy(token: bytes) -> float:
    """Return the bits per byte that the frequencies of the bytes tell (Shannon); 0 for an empty token."""
    return -sum(count / len(token) * math.log2(count / len(token)) for count in Counter(token).values())


def looks_random(token: bytes, *, bits: float = 3.5) -> bool:
    """Return whether a token without a mark of its own may be a secret: no placeholder, letters and digits, enough bits."""
    mixed = re.search(rb"[A-Za-z]", token) is not None and re.search(rb"[0-9]", token) is not None
    return mixed and entropy(token) >= bits and not is_placeholder(token)


def is_hexadecimal_secret(token: bytes) -> bool:
    """Return whether hex digits (UUIDs too) may be a secret; they have at most 4 bits each, short ones clearly fewer."""
    return looks_random(token, bits=3.0)


def is_password(token: bytes) -> bool:
    """Return whether what stands in the place of a password is one: no reference, no command, no common word."""
    return not (
        token.startswith((b"$", b"{", b"<", b"%", b"@", b"`", b"/"))
        or _COMMON.fullmatch(token)
        or is_placeholder(token)
    )


_COMMON: Final = re.compile(
    rb"(?:\w{0,8}(?:pass(?:word|wd|phrase)?|pwd)|secret|token|changeit|changeme|admin|root|user(?:name)?|test\w*|guest|default|none|null"
    rb"|nil|true|false|undefined|required|optional|string|str|postgres(?:ql)?|mysql|redis|x+|your\w*|my\w*|foo|bar|dummy"
    rb"|sample|fake\w*|hidden|masked|empty|n/a|tbd|todo|\[.*|\(.*|env[.:].*|vault:.*|file:.*|ref\+.*|enc[:\[(].*)\d{0,3}",
    re.IGNORECASE,
)


def assigned(name: bytes, value: bytes) -> LazyPattern:
    """Return the pattern of a value that stands behind a name: `NAME_X = "value"`, `name: value`, `"name", "value"`.

    Both are sources of patterns of ours; group `token` is the value, which no further word character follows.
    """
    return LazyPattern(
        rb"(?i:" + name + rb")[A-Za-z0-9_.-]{0,40}[\"'`]?[ \t]{0,5}(?:=>|:=|[=:,])[ \t]{0,5}[\"'`]?"
        rb"(?P<token>" + value + rb")(?![A-Za-z0-9_/+=-])"
    )
