"""`"...".format([...])` (google/cel-go: ext/formatting_v2.go): the verbs %s %d %f %e %x %X %o %b with precision."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.cost import of_nested
from tidewaiter.core.cel.declarations import Library, function, member
from tidewaiter.core.cel.dispatch import type_name
from tidewaiter.core.cel.equality import is_number
from tidewaiter.core.cel.times import format_duration, format_timestamp
from tidewaiter.core.cel.types import DYN, STRING
from tidewaiter.core.cel.values import CelError, Duration, Failure, Optional, Timestamp, TypeValue, Unknown, fail

_VERB = re.compile(r"%(?:\.([0-9]+))?(.?)", re.DOTALL)
_MOST_DIGITS = 100
_DEEPEST = 50


def _format(template: str, args: list[Any]) -> str:
    parts: list[str] = []
    at = used = 0
    for match in _VERB.finditer(template):
        parts.append(template[at : match.start()])
        at = match.end()
        if match[2] == "%" and match[1] is None:
            parts.append("%")
            continue
        if used >= len(args):
            raise fail(f"format: index {used} out of range, {len(args)} arguments are given")
        parts.append(_formatted(match[2], match[1], args[used]))
        used += 1
    return "".join((*parts, template[at:]))


def _formatted(verb: str, precision: str | None, value: Any) -> str:
    digits = None if precision is None else int(precision[:9])
    if digits is not None and digits > _MOST_DIGITS:
        raise fail(f"format: a precision above {_MOST_DIGITS} is not supported")
    match verb:
        case "s":
            return _text(value, 0)
        case "d":
            return _decimal(value)
        case "f":
            return _fixed(value, 6 if digits is None else digits)
        case "e":
            return _scientific(value, 6 if digits is None else digits)
        case "b":
            return _in_base("b", value)
        case "o":
            return _in_base("o", value)
        case "x" | "X":
            return _hexadecimal(verb, value)
    raise fail(f"format: unknown verb %{verb}")


def _wrong(verb: str, value: Any) -> Exception:
    return fail(f"format: %{verb} does not take {type_name(value)}")


def _special(value: float) -> str | None:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return None


def _decimal(value: Any) -> str:
    if not is_number(value):
        raise _wrong("d", value)
    if isinstance(value, float):
        special = _special(value)
        if special is None:
            raise _wrong("d", value)
        return special
    return str(int(value))


def _fixed(value: Any, digits: int) -> str:
    if not is_number(value):
        raise _wrong("f", value)
    return _special(float(value)) or f"{value:.{digits}f}"


def _scientific(value: Any, digits: int) -> str:
    if not is_number(value):
        raise _wrong("e", value)
    return _special(float(value)) or f"{value:.{digits}e}"


def _in_base(verb: str, value: Any) -> str:
    if isinstance(value, bool) and verb == "b":
        return "1" if value else "0"
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(verb, value)
    return format(int(value), verb)


def _hexadecimal(verb: str, value: Any) -> str:
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").hex()
    elif isinstance(value, bytes):
        text = value.hex()
    elif isinstance(value, int) and not isinstance(value, bool):
        text = format(int(value), "x")
    else:
        raise _wrong(verb, value)
    return text.upper() if verb == "X" else text


def _text(value: Any, depth: int) -> str:
    """Return what %s prints; lists and maps are printed with their elements, maps in the order of the keys' texts."""
    if depth > _DEEPEST:
        raise fail("format: the value is nested too deeply")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, float):
        return _special(value) or _shortest(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_text(item, depth + 1) for item in value)}]"
    if isinstance(value, Mapping):
        return _map(value, depth)
    return _of_type(value)


def _map(value: Mapping[Any, Any], depth: int) -> str:
    pairs = []
    for key in value:
        if not isinstance(key, (str, int, float)):
            raise _wrong("s", value)
        pairs.append((_text(key, depth + 1), _text(value[key], depth + 1)))
    return f"{{{', '.join(f'{key}: {text}' for key, text in sorted(pairs))}}}"


def _of_type(value: Any) -> str:
    if isinstance(value, Timestamp):
        return format_timestamp(value)
    if isinstance(value, Duration):
        return format_duration(value)
    if isinstance(value, TypeValue):
        return value.name
    if isinstance(value, (Unknown, CelError)):
        raise Failure(value)
    if isinstance(value, Optional):
        raise _wrong("s", value)
    return str(value)


def _shortest(value: float) -> str:
    """Return a double in plain digits without an exponent."""
    text = repr(value)
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        decimals = max(len(mantissa.partition(".")[2]) - int(exponent), 0)
        text = f"{value:.{decimals}f}"
    return text.removesuffix(".0")


def _cost(template: str, args: list[Any]) -> int:
    return 2 * ((len(template) + 9) // 10) + of_nested(args)


def _check(constants: tuple[str | None, ...]) -> str | None:
    template = constants[0]
    if template is None:
        return None
    for match in _VERB.finditer(template):
        if match[2] not in set("sdfexXob") and not (match[2] == "%" and match[1] is None):
            return f"format: unknown verb %{match[2]}"
    return None


LIBRARY = Library(
    id="strings_format",
    functions=(function("format", member((STRING, types.list_of(DYN)), STRING, _format, _cost), check=_check),),
)
