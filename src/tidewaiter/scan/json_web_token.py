"""JSON Web Tokens (RFC 7519) as far as their own text tells: header, claims, and when they end."""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from tidewaiter.scan.json_stream import UNREADABLE

PATTERN: Final = rb"(?<![A-Za-z0-9_-])(?P<token>eyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1400})(?![A-Za-z0-9_-])"
"""Source of the pattern of a signed token, which is in group `token`."""
KEYWORDS: Final = (b"eyJhbGci", b"eyJ0eXAi", b"eyJraWQi")
"""How the base 64 of a header begins whose first field is `alg`, `typ` or `kid`."""
AFTER: Final = 6500
"""Bytes that the longest token that is looked for has."""
_REGISTERED: Final = frozenset(
    {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "role", "scope", "email", "user_id", "uid"}
)
"""Claims of which tokens in use have at least one."""
_NAME: Final = re.compile(r"[a-z0-9.-]{1,253}:[a-z0-9.-]{1,253}")
_YEARS: Final = 253_402_300_800
"""Seconds from 1970 to the year 10000, the last that a date can name."""


def claims(token: bytes) -> dict[str, Any] | None:
    """Return the claims of a signed token; None when header or claims are no JSON objects or nothing signs them."""
    header, payload = (_part(part) for part in token.split(b".")[:2])
    algorithm = header.get("alg") if header is not None else None
    return payload if isinstance(algorithm, str) and algorithm.lower() != "none" else None


def is_sample(found: dict[str, Any]) -> bool:
    """Return whether the claims are those of documentation, or those of a key that every browser gets."""
    if not _REGISTERED & found.keys():
        return True
    return found.get("sub") == "1234567890" or found.get("name") == "John Doe" or found.get("role") == "anon"


def is_of_kubernetes(found: dict[str, Any]) -> bool:
    """Return whether the claims are those of a Kubernetes service account."""
    return "kubernetes.io" in found or found.get("iss") == "kubernetes/serviceaccount"


def account(found: dict[str, Any]) -> str:
    """Return `namespace/name` of the service account that the claims name, as far as they are plain names."""
    subject = found.get("sub")
    name = subject.removeprefix("system:serviceaccount:") if isinstance(subject, str) else ""
    return name.replace(":", "/") if _NAME.fullmatch(name) else "an account without a name"


def ends(found: dict[str, Any]) -> str:
    """Return when a token ends, as words to follow its title; whether that has passed is for those with a clock."""
    seconds = found.get("exp")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 < seconds < _YEARS:
        return "without an end"
    return f"valid until {datetime.fromtimestamp(seconds, UTC).date().isoformat()}"


def _part(part: bytes) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    except (*UNREADABLE, binascii.Error, ValueError):
        return None
    return value if isinstance(value, dict) else None
