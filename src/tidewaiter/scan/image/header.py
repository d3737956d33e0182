"""One tar header of 512 bytes (POSIX.1-1988 ustar, POSIX.1-2001 pax, and the old GNU format of tar(5))."""

import zlib
from typing import Final

BLOCK: Final = 512
_USTAR: Final = b"ustar\0"
COMMON_MODES: Final = {
    form % mode: mode
    for mode in (0o644, 0o755, 0o777, 0o600, 0o444, 0o555)
    for form in (b"%07o\0", b"%06o \0", b"0100%03o\0")
}
"""Field -> mode, for what nearly every member has."""


class HeaderError(Exception):
    """The 512 bytes are not a tar header: which rule they break."""


def check(header: bytes) -> None:
    """Raise HeaderError unless the header's checksum is right.

    Adler-32 holds 1 + the sum of all bytes, modulo 65521, in its low half: a sum in one fast call. The checksum counts
    its own eight bytes as blanks; some old writers summed signed bytes, which differs where a byte is above 127.
    """
    try:
        stored = int(header[148:154], 8)
    except ValueError:
        stored = number(header[148:156])
    own = sum(header[148:156])
    total = (zlib.adler32(header) & 0xFFFF) - 1 - own + 256
    if (total - stored) % 65521 and (total - stored - 256 * sum(byte > 127 for byte in header)) % 65521:
        raise HeaderError("its checksum is wrong")


def number(field: bytes) -> int:
    """Return an octal number padded with blanks or NULs, or a base-256 one, whose first byte has its top bit set."""
    if field[0] & 0x80:
        if field[0] != 0x80:
            raise HeaderError("it holds a negative or oversized number")
        return int.from_bytes(field[1:], "big")
    text = field.split(b"\0", 1)[0].strip()
    if not text:
        return 0
    if text.translate(None, b"01234567"):
        raise HeaderError(f"{text!r} is not an octal number")
    return int(text, 8)


def name(header: bytes) -> bytes:
    """Return the member's name; the prefix counts only in true ustar headers, old GNU ones keep times there."""
    short = header[:100].split(b"\0", 1)[0]
    if header[345] and header[257:263] == _USTAR:
        return header[345:500].split(b"\0", 1)[0] + b"/" + short
    return short


def link(header: bytes) -> bytes:
    """Return the name of the link's target."""
    return header[157:257].split(b"\0", 1)[0]


def pax_records(data: bytes) -> dict[bytes, bytes]:
    r"""Return the records `length key=value\\n` of an extended header; raise HeaderError when they do not add up."""
    records: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        blank = data.find(b" ", at, at + 21)
        digits = data[at:blank]
        if blank < 0 or not digits.isdigit():
            if not data[at:].strip(b"\0"):
                break
            raise HeaderError("a pax record has no length")
        end = at + int(digits)
        key, equals, value = data[blank + 1 : end - 1].partition(b"=")
        if end > len(data) or end <= blank + 1 or not equals or data[end - 1 : end] != b"\n":
            raise HeaderError("a pax record is cut off")
        records[key] = value
        at = end
    return records
