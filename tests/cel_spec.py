"""Runs the cases of the CEL specification on our engine; shared by the integration test and `tools/docs_cel_conformance.py`."""

import base64
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from tidewaiter.core import cel
from tidewaiter.core.cel import (
    CelError,
    CompileError,
    Environment,
    Function,
    Opaque,
    Overload,
    TypeValue,
    UInt,
    Unknown,
    types,
)
from tidewaiter.core.cel.libraries import EVERY

_PRIMITIVES = {
    "INT64": types.INT,
    "UINT64": types.UINT,
    "DOUBLE": types.DOUBLE,
    "BOOL": types.BOOL,
    "STRING": types.STRING,
    "BYTES": types.BYTES,
}
_WELL_KNOWN = {"google.protobuf.Timestamp": types.TIMESTAMP, "google.protobuf.Duration": types.DURATION}
_ENUM = {"GOO": 0, "GAR": 1, "GAZ": 2}


class EnumValue(Opaque):
    """A value of an enum with a type of its own, which the specification's `strong` sections want."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.number == other.number

    def __hash__(self) -> int:
        return hash(self.number)


class Proto2Enum(EnumValue):
    """The enum of the proto2 cases."""

    __slots__ = ()
    cel_type_name: ClassVar[str] = "cel.expr.conformance.proto2.GlobalEnum"


class Proto3Enum(EnumValue):
    """The enum of the proto3 cases."""

    __slots__ = ()
    cel_type_name: ClassVar[str] = "cel.expr.conformance.proto3.GlobalEnum"


_ENUMS = {kind.cel_type_name: kind for kind in (Proto2Enum, Proto3Enum)}


class Failing(NamedTuple):
    """A case that does not come out as the specification says."""

    file: str
    section: str
    name: str
    expression: str
    reason: str


class Report(NamedTuple):
    """Cases and passed cases by (file, section), and every failing one."""

    cases: Counter[tuple[str, str]]
    passed: Counter[tuple[str, str]]
    failing: list[Failing]


def run(path: Path) -> Report:
    """Run every case that needs neither protobuf messages nor only the checker."""
    report = Report(Counter(), Counter(), [])
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["proto"] or case.get("check_only"):
            continue
        key = (case["file"], case["section"])
        report.cases[key] += 1
        reason = problem(case)
        if reason is None:
            report.passed[key] += 1
        else:
            report.failing.append(Failing(*key, case["name"], case["expr"], reason))
    return report


def problem(case: Mapping[str, Any]) -> str | None:
    """Return None when the case passes, else how it differs."""
    expected = case.get("value")
    typed = case.get("typed_result")
    if typed is not None:
        expected = typed["result"]
    if expected is None and "eval_error" not in case:
        expected = {"bool_value": True}
    try:
        program = cel.compile(case["expr"], environment(case))
    except CompileError as error:
        return None if expected is None else f"does not compile: {error}"
    values = {name: decoded(value["value"]) for name, value in case.get("bindings", {}).items()}
    actual = program.evaluate(values)
    if isinstance(actual, CelError):
        return None if expected is None else f"error: {actual}"
    if isinstance(actual, Unknown):
        return f"unknown: {actual}"
    if expected is None:
        return f"is {actual!r}, an error is expected"
    if not same(decoded(expected), actual):
        return f"is {actual!r}"
    if typed is not None and program.result_type != declared(typed["deduced_type"]):
        return f"has type {program.result_type}"
    return None


def environment(case: Mapping[str, Any]) -> Environment:
    """Return the environment that a case declares."""
    variables = {entry["name"]: declared(entry["ident"]["type"]) for entry in case.get("type_env", ())}
    variables = dict.fromkeys(case.get("bindings", {}), types.DYN) | variables
    constants: dict[str, Any] = {}
    functions: list[Function] = []
    if case["file"] == "enums":
        strong = case["section"].startswith("strong")
        for name, kind in _ENUMS.items():
            result = types.opaque(name)
            for field, number in _ENUM.items():
                constants[f"{name}.{field}"] = (result, kind(number)) if strong else (types.INT, number)
            functions.append(Function(name, (Overload((types.INT,), result, kind),)))
            functions.append(Function("int", (Overload((result,), types.INT, lambda value: value.number),)))
    return Environment(
        variables=variables,
        functions=functions,
        constants=constants,
        libraries=EVERY,
        homogeneous_literals=False,
        check=not case.get("disable_check", False),
        container=case.get("container", ""),
    )


def declared(kind: Mapping[str, Any]) -> types.Type:
    """Return our type for one of the specification's; wrapper messages are dyn."""
    match kind:
        case {"primitive": name}:
            return _PRIMITIVES[name]
        case {"null": _}:
            return types.NULL
        case {"list_type": {"elem_type": element}}:
            return types.list_of(declared(element))
        case {"map_type": {"key_type": key, "value_type": value}}:
            return types.map_of(declared(key), declared(value))
        case {"message_type": name}:
            return _WELL_KNOWN.get(name, types.DYN)
    return types.DYN


def decoded(value: Mapping[str, Any]) -> Any:
    """Return the Python value of one of the specification's."""
    ((kind, content),) = value.items()
    match kind:
        case "int64_value":
            return int(content)
        case "uint64_value":
            return UInt(content)
        case "double_value":
            return float(content)
        case "bytes_value":
            return base64.b64decode(content)
        case "list_value":
            return [decoded(item) for item in content.get("values", ())]
        case "map_value":
            return {decoded(entry["key"]): decoded(entry["value"]) for entry in content.get("entries", ())}
        case "type_value":
            return TypeValue(content)
        case "enum_value":
            return _ENUMS[content["type"]](content.get("value", 0))
        case "object_value":
            return message(content)
    return content


def message(content: Mapping[str, Any]) -> Any:
    """Return the value of a wrapper message in its JSON form."""
    name = content["@type"].rpartition(".")[2]
    value = content.get("value")
    match name:
        case "Int32Value" | "Int64Value":
            return int(value)
        case "UInt32Value" | "UInt64Value":
            return UInt(value)
        case "BytesValue":
            return base64.b64decode(value)
        case "Duration":
            return cel.compile(f"duration('{value}')", Environment()).evaluate({})
    return value


def same(expected: Any, actual: Any) -> bool:
    """Whether two values are the same in type and value; NaN is the same as NaN."""
    if isinstance(expected, list):
        return (
            isinstance(actual, (list, tuple))
            and len(expected) == len(actual)
            and all(same(left, right) for left, right in zip(expected, actual, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(actual, Mapping)
            and len(expected) == len(actual)
            and all(key in actual and same(value, actual[key]) for key, value in expected.items())
        )
    if type(expected) is not type(actual):
        return False
    return bool(expected == actual) or (expected != expected and actual != actual)  # noqa: PLR0124 - NaN
