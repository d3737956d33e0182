"""The part of the checker that types calls: operators, functions, member functions and message literals."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from tidewaiter.core.cel import ast
from tidewaiter.core.cel.assign import Bindings, alike, assignable, comparable, substituted
from tidewaiter.core.cel.errors import Issue, issue_at, suggestion
from tidewaiter.core.cel.operators import SYMBOLS
from tidewaiter.core.cel.types import BOOL, DYN, Type, optional_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.core.cel.declarations import Function, Overload
    from tidewaiter.core.cel.env import Environment
    from tidewaiter.core.cel.scope import Checked

_ORDER = frozenset({"_<_", "_<=_", "_>_", "_>=_"})
_EQUALITY = frozenset({"_==_", "_!=_"})


class CallChecks(ABC):
    """Mixin of `Checker`: everything about calls."""

    source: str
    environment: Environment
    issues: list[Issue]
    checked: Checked

    @abstractmethod
    def type_of(self, node: ast.Node) -> Type:
        """Return the type of a node; the checker implements it."""

    @abstractmethod
    def qualified(self, node: ast.Node) -> str | None:
        """Return a node's dotted name; the checker implements it."""

    def report(self, offset: int, message: str, hint: str | None = None) -> None:
        """Note an issue, unless the environment does not check."""
        if self.environment.check:
            self.issues.append(issue_at(self.source, offset, message, hint))

    def call(self, node: ast.Call) -> Type:
        """Type a call of any form."""
        name = node.function
        if name in _EQUALITY:
            return self.equality(node)
        if name in _ORDER:
            return self.order(node)
        if name == "@in":
            return self.membership(node)
        if node.target is not None and (function := self.namespaced(node)) is not None:
            return self.chosen(node, function, [self.type_of(arg) for arg in node.args], is_member=False)
        if node.target is not None and self.is_mere_namespace(node.target):
            for arg in node.args:
                self.type_of(arg)
            return self.unknown_namespaced(node, f"{self.qualified(node.target)}.{name}")
        arguments = [self.type_of(part) for part in ast.children(node)]
        is_member = node.target is not None
        known = self.environment.functions.get(name) if is_member else self.environment.function(name)
        if known is None:
            self.unknown_function(node)
            return DYN
        return self.chosen(node, known, arguments, is_member=is_member)

    def namespaced(self, node: ast.Call) -> Function | None:
        """Return the function `a.b.f` when `a.b` is only the namespace of `f`."""
        assert node.target is not None
        prefix = self.qualified(node.target)
        if prefix is None:
            return None
        function = self.environment.function(f"{prefix}.{node.function}")
        if function is not None:
            self.checked.namespaced.add(node)
        return function

    def is_mere_namespace(self, node: ast.Node) -> bool:
        """Whether a node is a dotted name of which no part is a variable or constant."""
        prefix = self.qualified(node)
        if prefix is None or not self.environment.check:
            return False
        parts = prefix.split(".")
        names = (".".join(parts[: count + 1]) for count in range(len(parts)))
        environment = self.environment
        return not any(
            candidate in environment.variables or candidate in environment.constants
            for name in names
            for candidate in environment.candidates(name)
        )

    def unknown_namespaced(self, node: ast.Call, name: str) -> Type:
        """Report a call of `namespace.function` that no library has, or a target that is no name."""
        known = [function for function in self.environment.functions if "." in function]
        assert isinstance(node.target, ast.Ident | ast.Select)
        hint = suggestion(name, known)
        if hint is None and node.function in self.environment.member_names:
            self.type_of(node.target)
        else:
            self.report(node.offset, f"unknown function `{name}`", hint)
        return DYN

    def unknown_function(self, node: ast.Call) -> None:
        """Report a call of a function that no library has."""
        environment = self.environment
        if node.target is None:
            known = {name for name, f in environment.functions.items() if not all(o.is_member for o in f.overloads)}
            known |= {"has"}
            written = node.function.lstrip(".")
        else:
            known = set(environment.member_names) | {"all", "exists", "exists_one", "filter", "map"}
            written = node.function
        arity = (
            "" if written not in {"has", "all", "exists", "exists_one", "filter", "map"} else " with these arguments"
        )
        self.report(node.offset, f"unknown function `{written}`{arity}", suggestion(written, known - {written}))

    def chosen(self, node: ast.Call, function: Function, arguments: list[Type], *, is_member: bool) -> Type:
        """Choose among the overloads; several that fit with different results make the result dyn."""
        self.checked.functions[node] = function
        overloads = self.environment.overloads(function, len(arguments), is_member=is_member)
        results = [result for overload in overloads if (result := fitting(overload, arguments)) is not None]
        if not results:
            self.no_overload(node, function, arguments)
            return DYN
        self.check_constants(node, function, is_member=is_member)
        first = results[0]
        return first if all(result == first for result in results[1:]) else DYN

    def no_overload(self, node: ast.Call, function: Function, arguments: Sequence[Type]) -> None:
        """Report that no overload takes these types, showing those that exist."""
        name = SYMBOLS.get(function.name)
        if name is not None:
            given = " and ".join(f"`{argument}`" for argument in arguments)
            self.report(node.offset, f"`{name}` is not defined for {given}")
            return
        given = ", ".join(str(argument) for argument in arguments)
        forms = [_shown(function.name, overload) for overload in function.overloads]
        self.report(node.offset, f"`{function.name}` does not take ({given})", f"it is {' or '.join(forms[:4])}")

    def check_constants(self, node: ast.Call, function: Function, *, is_member: bool) -> None:
        """Report constant arguments that can never be right (an invalid pattern)."""
        if function.check_constant is None or not self.environment.check_literals:
            return
        parts = ast.children(node) if is_member else node.args
        texts = tuple(
            part.value if isinstance(part, ast.Literal) and isinstance(part.value, str) else None for part in parts
        )
        problem = function.check_constant(texts)
        if problem is not None:
            self.report(parts[-1].offset, problem)

    def equality(self, node: ast.Call) -> Type:
        """Type `==` and `!=`."""
        left, right = (self.type_of(arg) for arg in node.args)
        if not alike(left, right):
            self.report(node.offset, f"`{left}` and `{right}` are never equal", "convert one side, or use `dyn()`")
        return BOOL

    def order(self, node: ast.Call) -> Type:
        """Type `<` and its kin; the order is defined for equal types and between numbers."""
        left, right = (self.type_of(arg) for arg in node.args)
        if not comparable(left, right):
            self.report(node.offset, f"`{left}` and `{right}` have no order")
        return BOOL

    def membership(self, node: ast.Call) -> Type:
        """Type `in`: an element of a list or a key of a map."""
        left, right = (self.type_of(arg) for arg in node.args)
        if right.kind in {"list", "map"}:
            if not alike(left, right.parameters[0]):
                what = "elements" if right.kind == "list" else "keys"
                self.report(node.offset, f"the {what} are `{right.parameters[0]}`, so `{left}` is never in it")
        elif right.kind not in {"dyn", "record", "parameter"}:
            self.report(node.args[1].offset, f"`in` needs a list or map, not `{right}`")
        return BOOL

    def message_literal(self, node: ast.MessageLiteral) -> Type:
        """Type `Name{field: value}`."""
        found = [self.type_of(entry.value) for entry in node.entries]
        for candidate in self.environment.candidates(node.name):
            message = self.environment.messages.get(candidate)
            if message is not None:
                break
        else:
            self.report(node.offset, f"unknown type `{node.name}`", suggestion(node.name, self.environment.messages))
            return DYN
        self.checked.messages[node] = message
        for entry, kind in zip(node.entries, found, strict=True):
            assert isinstance(entry.key, ast.Literal)
            if message.fields is None:
                continue
            wanted = message.fields.get(entry.key.value)
            if wanted is None:
                hint = suggestion(entry.key.value, message.fields)
                self.report(entry.offset, f"`{message.name}` has no field `{entry.key.value}`", hint)
            elif not assignable(optional_of(wanted) if entry.optional else wanted, kind, {}) and kind.kind != "null":
                self.report(entry.offset, f"`{entry.key.value}` is `{wanted}`, not `{kind}`")
        return message.result


def fitting(overload: Overload, arguments: Sequence[Type]) -> Type | None:
    """Return the result type when the arguments fit the overload, else None."""
    parameters = overload.parameters
    if overload.variadic and len(arguments) > len(parameters):
        parameters += (parameters[-1],) * (len(arguments) - len(parameters))
    bound: Bindings = {}
    for parameter, argument in zip(parameters, arguments, strict=True):
        if not assignable(parameter, argument, bound):
            return None
    return substituted(overload.result, bound)


def _shown(name: str, overload: Overload) -> str:
    parameters = [str(parameter) for parameter in overload.parameters]
    if overload.is_member:
        return f"{parameters[0]}.{name}({', '.join(parameters[1:])})"
    return f"{name}({', '.join(parameters)})"
