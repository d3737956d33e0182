"""How long to wait before asking again."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of waiting, and the three things that tests replace."""

    attempts: int = 5
    """Times that one question is asked in all."""
    first: float = 0.5
    """Seconds before the second attempt, doubled each time, of which between half and all is waited."""
    longest: float = 60.0
    """A server that asks for a longer pause is not waited for."""
    connect: float = 10.0
    read: float = 30.0
    """Seconds without a byte."""
    small: float = 60.0
    """Seconds for a whole manifest or token."""
    bytes_per_second: int = 32 << 10
    """A layer that comes more slowly than this, after the first five minutes, is given up."""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random

    def pause(self, attempt: int, asked: float | None) -> float | None:
        """Return the seconds to wait after attempt number `attempt` (from 0), None to give up."""
        if attempt + 1 >= self.attempts or (asked is not None and asked > self.longest):
            return None
        own = min(self.first * 2.0**attempt, self.longest) * (0.5 + self.jitter() / 2)
        return max(own, asked or 0.0)


def retry_after(value: str) -> float | None:
    """Return the seconds of a `Retry-After` header (RFC 9110 section 10.2.3), None when there is none to use."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    now = datetime.fromtimestamp(time.time(), UTC)
    return max((moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds(), 0.0)
