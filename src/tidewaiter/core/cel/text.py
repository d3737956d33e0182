"""Values as text, the way CEL's Go implementation prints them: numbers, times, and any value inside a message."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from tidewaiter.core.cel.cost import of_nested
from tidewaiter.core.cel.times import format_duration, format_timestamp
from tidewaiter.core.cel.values import Duration, Opaque, Optional, Timestamp, TypeValue, UInt

_LARGEST = 1000
"""Values inside a nested value that a message still shows."""


def format_double(value: float) -> str:
    """Return a double with the shortest digits, as Go's `%g`: an exponent from 1e+06 on and below 1e-04."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    shortest = repr(value)
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return shortest.removesuffix(".0")
    mantissa, _, _ = shortest.partition("e")
    digits = mantissa.lstrip("-").replace(".", "").strip("0")
    return f"{value:.{max(len(digits) - 1, 0)}e}"


def display(value: Any) -> str:
    """Return any value as text for a message: strings bare, lists and maps as JSON-like text, large ones as `...`."""
    if isinstance(value, str):
        return value
    if of_nested(value, _LARGEST) > _LARGEST:
        return "..."
    return quoted(value)


def quoted(value: Any) -> str:
    """Return any value as text with strings in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (UInt, int)):
        return str(int(value))
    if isinstance(value, float):
        return format_double(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bytes):
        return json.dumps(value.decode("utf-8", "replace"), ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(quoted(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{quoted(key)}: {quoted(value[key])}' for key in value)}}}"
    return _special(value)


def _special(value: Any) -> str:
    if isinstance(value, Timestamp):
        return format_timestamp(value)
    if isinstance(value, Duration):
        return format_duration(value)
    if isinstance(value, TypeValue):
        return value.name
    if isinstance(value, Optional):
        return f"optional({quoted(value.value)})" if value.present else "optional.none()"
    if isinstance(value, Opaque):
        return str(value)
    return f"<{type(value).__name__}>"
