"""The Common Expression Language: compile once, evaluate many times; errors and unknowns are values.

Usable on its own:

    from tidewaiter.core import cel
    from tidewaiter.core.cel import Environment, types

    container = types.RecordType("container", {"name": types.STRING, "privileged": types.BOOL})
    environment = Environment(variables={"container": container})
    program = cel.compile("container.privileged && size(container.name) > 1", environment)
    program.evaluate({"container": {"name": "web", "privileged": True}})    # True
    program.evaluate({"container": {"name": "web"}})                        # CelError('no such key: privileged', ...)

`compile` raises `CompileError` whose `issues` carry line, column, message and hint. `evaluate` never raises: it returns
a Python value, a `CelError`, or an `Unknown` that names every reason. `false && x` and `true || x` are decided whatever
x is; otherwise an unknown wins over an error. Evaluation is bounded by a cost limit.

A mapping handed in is read with `mapping[name]`; `KeyError` means absent. A `dict` subclass with `__missing__` may so
compute its fields when an expression reads them, and `has(x.f)` asks it in the same way. A field may be an `Unknown`.
"""

from tidewaiter.core.cel import types
from tidewaiter.core.cel.declarations import Function, Library, MessageType, Overload
from tidewaiter.core.cel.env import Environment
from tidewaiter.core.cel.errors import CompileError, Issue
from tidewaiter.core.cel.libraries import DEFAULT
from tidewaiter.core.cel.macros import Macro
from tidewaiter.core.cel.program import Evaluation, Program, compile_expression
from tidewaiter.core.cel.template import Template, compile_template
from tidewaiter.core.cel.values import (
    CelError,
    Duration,
    Failure,
    Opaque,
    Optional,
    Timestamp,
    TypeValue,
    UInt,
    Unknown,
    fail,
)

compile = compile_expression  # noqa: A001 - the public name is `cel.compile`

__all__ = [
    "DEFAULT",
    "CelError",
    "CompileError",
    "Duration",
    "Environment",
    "Evaluation",
    "Failure",
    "Function",
    "Issue",
    "Library",
    "Macro",
    "MessageType",
    "Opaque",
    "Optional",
    "Overload",
    "Program",
    "Template",
    "Timestamp",
    "TypeValue",
    "UInt",
    "Unknown",
    "compile",
    "compile_expression",
    "compile_template",
    "fail",
    "types",
]
