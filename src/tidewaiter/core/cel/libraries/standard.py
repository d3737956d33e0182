"""The functions of the language definition that are no operators: `size`, conversions, `type`, `dyn`, string tests."""

from __future__ import annotations

import math
import re
from typing import Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.cost import of_pattern, of_search, of_shorter, of_text
from tidewaiter.core.cel.declarations import Library, Overload, function, member, plain
from tidewaiter.core.cel.dispatch import type_name
from tidewaiter.core.cel.macros import STANDARD
from tidewaiter.core.cel.operators import truncated_quotient
from tidewaiter.core.cel.text import format_double
from tidewaiter.core.cel.times import format_duration, format_timestamp, parse_duration, parse_timestamp
from tidewaiter.core.cel.types import BOOL, BYTES, DOUBLE, DURATION, DYN, INT, STRING, TIMESTAMP, UINT
from tidewaiter.core.cel.values import (
    INT_MAX,
    INT_MIN,
    NANOS,
    UINT_MAX,
    Failure,
    TypeValue,
    UInt,
    checked_int,
    checked_timestamp,
    checked_uint,
    fail,
)
from tidewaiter.core.regex import PatternError, compile_pattern

_INT = re.compile(r"[+-]?[0-9]{1,25}", re.ASCII)
_UINT = re.compile(r"[0-9]{1,25}", re.ASCII)
_DOUBLE = re.compile(r"[+-]?(?:(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?|(?i:inf|infinity|nan))", re.ASCII)
_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})
_A = types.parameter("A")
_B = types.parameter("B")


def _int_of_double(value: float) -> int:
    if not math.isfinite(value) or not INT_MIN < value < INT_MAX:
        raise fail("integer overflow: the double is out of range")
    return int(value)


def _uint_of_double(value: float) -> UInt:
    if not math.isfinite(value) or not 0 <= value < UINT_MAX:
        raise fail("unsigned integer overflow: the double is out of range")
    return UInt(int(value))


def _int_of_string(text: str) -> int:
    if _INT.fullmatch(text) is None:
        raise fail(f"type conversion error: {text[:60]!r} is not an int")
    return checked_int(int(text))


def _uint_of_string(text: str) -> UInt:
    if _UINT.fullmatch(text) is None:
        raise fail(f"type conversion error: {text[:60]!r} is not a uint")
    return checked_uint(int(text))


def _double_of_string(text: str) -> float:
    if _DOUBLE.fullmatch(text) is None:
        raise fail(f"type conversion error: {text[:60]!r} is not a double")
    return float(text)


def _bool_of_string(text: str) -> bool:
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise fail(f"type conversion error: {text[:60]!r} is not a bool")


def _string_of_bytes(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise fail("type conversion error: the bytes are not valid UTF-8") from None


def _bytes_of_string(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise fail("type conversion error: the string is not valid Unicode") from None


def _matches(text: str, pattern: str) -> bool:
    try:
        return compile_pattern(pattern).found(text)
    except PatternError as error:
        raise fail(str(error)) from None


def _same(value: Any) -> Any:
    return value


def _check_pattern(constants: tuple[str | None, ...]) -> str | None:
    pattern = constants[-1]
    if pattern is None:
        return None
    try:
        compile_pattern(pattern)
    except PatternError as error:
        return str(error)
    return None


def _check_timestamp(constants: tuple[str | None, ...]) -> str | None:
    return _problem(parse_timestamp, constants[0])


def _check_duration(constants: tuple[str | None, ...]) -> str | None:
    return _problem(parse_duration, constants[0])


def _problem(parse: Any, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        parse(text)
    except Failure as failure:
        return str(failure.value)
    return None


def _both(
    parameters: tuple[types.Type, ...], result: types.Type, implementation: Any, cost: Any = None
) -> tuple[Overload, Overload]:
    return plain(parameters, result, implementation, cost), member(parameters, result, implementation, cost)


_SIZE = tuple(
    overload
    for kind in (STRING, BYTES, types.list_of(_A), types.map_of(_A, _B))
    for overload in _both((kind,), INT, len)
)

LIBRARY = Library(
    id="standard",
    macros=STANDARD,
    functions=(
        function("size", *_SIZE),
        function("type", plain((_A,), types.type_of(_A), lambda value: TypeValue(type_name(value)))),
        function("dyn", plain((_A,), DYN, _same)),
        function(
            "int",
            plain((INT,), INT, _same),
            plain((UINT,), INT, lambda value: checked_int(int(value))),
            plain((DOUBLE,), INT, _int_of_double),
            plain((STRING,), INT, _int_of_string, of_text),
            plain((TIMESTAMP,), INT, lambda value: value.ns // NANOS),
            plain((DURATION,), INT, lambda value: truncated_quotient(value.ns, NANOS)),
        ),
        function(
            "uint",
            plain((UINT,), UINT, _same),
            plain((INT,), UINT, lambda value: checked_uint(int(value))),
            plain((DOUBLE,), UINT, _uint_of_double),
            plain((STRING,), UINT, _uint_of_string, of_text),
        ),
        function(
            "double",
            plain((DOUBLE,), DOUBLE, _same),
            plain((INT,), DOUBLE, float),
            plain((UINT,), DOUBLE, float),
            plain((STRING,), DOUBLE, _double_of_string, of_text),
        ),
        function(
            "string",
            plain((STRING,), STRING, _same),
            plain((INT,), STRING, lambda value: str(int(value))),
            plain((UINT,), STRING, lambda value: str(int(value))),
            plain((DOUBLE,), STRING, format_double),
            plain((BOOL,), STRING, lambda value: "true" if value else "false"),
            plain((BYTES,), STRING, _string_of_bytes, of_text),
            plain((TIMESTAMP,), STRING, format_timestamp),
            plain((DURATION,), STRING, format_duration),
        ),
        function(
            "bytes",
            plain((BYTES,), BYTES, _same),
            plain((STRING,), BYTES, _bytes_of_string, of_text),
        ),
        function(
            "bool",
            plain((BOOL,), BOOL, _same),
            plain((STRING,), BOOL, _bool_of_string),
        ),
        function(
            "timestamp",
            plain((TIMESTAMP,), TIMESTAMP, _same),
            plain((STRING,), TIMESTAMP, parse_timestamp),
            plain((INT,), TIMESTAMP, lambda value: checked_timestamp(int(value) * NANOS)),
            check=_check_timestamp,
        ),
        function(
            "duration",
            plain((DURATION,), DURATION, _same),
            plain((STRING,), DURATION, parse_duration),
            check=_check_duration,
        ),
        function("contains", member((STRING, STRING), BOOL, lambda text, part: part in text, of_search)),
        function("startsWith", member((STRING, STRING), BOOL, str.startswith, of_shorter)),
        function("endsWith", member((STRING, STRING), BOOL, str.endswith, of_shorter)),
        function("matches", *_both((STRING, STRING), BOOL, _matches, of_pattern), check=_check_pattern),
    ),
)
