"""The wrapper messages of `google.protobuf` that CEL takes as plain values: `Int64Value{value: 1}` is the int 1."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

from tidewaiter.core.cel import types
from tidewaiter.core.cel.declarations import Library, MessageType
from tidewaiter.core.cel.equality import is_number
from tidewaiter.core.cel.values import UInt, fail

_PACKAGE = "google.protobuf"


def _wrapper(name: str, kind: types.Type, default: Any, convert: Callable[[Any], Any]) -> MessageType:
    def build(fields: Mapping[str, Any]) -> Any:
        return convert(fields.get("value", default))

    return MessageType(f"{_PACKAGE}.{name}", kind, build, {"value": kind})


def _of_class(expected: type, name: str) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if type(value) is expected:
            return value
        raise fail(f"{name} does not take this value")

    return convert


def _within(expected: type[int], low: int, high: int, name: str) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if type(value) is expected and low <= value <= high:
            return value
        raise fail(f"{name}: out of range")

    return convert


def _float32(value: Any) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except (OverflowError, struct.error):
        raise fail("FloatValue: out of range") from None


def _json(value: Any) -> Any:
    """Return a value as JSON has it: every number a double."""
    if is_number(value):
        return float(value)
    if isinstance(value, Mapping):
        return {key: _json(value[key]) for key in value}
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    return value


def _value(fields: Mapping[str, Any]) -> Any:
    if len(fields) > 1:
        raise fail("Value holds one field only")
    return next((_json(value) for value in fields.values()), None)


def _any(_: Mapping[str, Any]) -> Any:
    raise fail("Any: conversion of an empty message")


LIBRARY = Library(
    id="wellknown",
    constants={f"{_PACKAGE}.NullValue.NULL_VALUE": (types.NULL, None)},
    messages=(
        _wrapper("Int32Value", types.INT, 0, _within(int, -(2**31), 2**31 - 1, "Int32Value")),
        _wrapper("Int64Value", types.INT, 0, _of_class(int, "Int64Value")),
        _wrapper("UInt32Value", types.UINT, UInt(0), _within(UInt, 0, 2**32 - 1, "UInt32Value")),
        _wrapper("UInt64Value", types.UINT, UInt(0), _of_class(UInt, "UInt64Value")),
        _wrapper("FloatValue", types.DOUBLE, 0.0, _float32),
        _wrapper("DoubleValue", types.DOUBLE, 0.0, _of_class(float, "DoubleValue")),
        _wrapper("BoolValue", types.BOOL, False, _of_class(bool, "BoolValue")),
        _wrapper("StringValue", types.STRING, "", _of_class(str, "StringValue")),
        _wrapper("BytesValue", types.BYTES, b"", _of_class(bytes, "BytesValue")),
        MessageType(f"{_PACKAGE}.ListValue", types.list_of(), lambda fields: _json(fields.get("values", []))),
        MessageType(f"{_PACKAGE}.Struct", types.map_of(), lambda fields: _json(fields.get("fields", {}))),
        MessageType(f"{_PACKAGE}.Value", types.DYN, _value),
        MessageType(f"{_PACKAGE}.Any", types.DYN, _any),
    ),
)
