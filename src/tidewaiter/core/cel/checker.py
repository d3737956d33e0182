"""The gradual type check: resolves names, computes types, and reports what cannot be right.

Two Python frames per level of the tree (`type_of` and the handler of the node's class).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidewaiter.core.cel import ast, types
from tidewaiter.core.cel.assign import alike, comparable, joined
from tidewaiter.core.cel.calls import CallChecks
from tidewaiter.core.cel.errors import CompileError, suggestion
from tidewaiter.core.cel.scope import Checked, Local, Scope
from tidewaiter.core.cel.types import BOOL, DYN, INT, RecordType, Type
from tidewaiter.core.cel.values import UInt

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.core.cel.env import Environment

_LITERALS: dict[type, Type] = {
    bool: BOOL,
    int: INT,
    UInt: types.UINT,
    float: types.DOUBLE,
    str: types.STRING,
    bytes: types.BYTES,
    type(None): types.NULL,
}


def check(node: ast.Node, source: str, environment: Environment) -> Checked:
    """Return types, resolved names and references of an expression. Raises `CompileError` with every issue found."""
    checker = Checker(source, environment)
    result = checker.type_of(node)
    if checker.issues:
        raise CompileError(sorted(checker.issues, key=lambda issue: issue.offset))
    checker.checked.result = result
    return checker.checked


class Checker(CallChecks):
    """Walks one tree once. Expected errors are collected, so that one compile shows all of them."""

    def __init__(self, source: str, environment: Environment) -> None:
        self.source = source
        self.environment = environment
        self.issues = []
        self.checked = Checked()
        self.scope = Scope()
        self._handlers: dict[type[ast.Node], Callable[[Any], Type]] = {
            ast.Literal: self.literal,
            ast.Ident: self.ident,
            ast.Select: self.select,
            ast.Index: self.index,
            ast.Call: self.call,
            ast.Logical: self.logical,
            ast.Conditional: self.conditional,
            ast.ListLiteral: self.list_literal,
            ast.MapLiteral: self.map_literal,
            ast.MessageLiteral: self.message_literal,
            ast.Comprehension: self.comprehension,
            ast.Bind: self.bind,
            ast.OptionalMap: self.optional_map,
        }

    def type_of(self, node: ast.Node) -> Type:
        """Return the type of a node and remember it."""
        found = self._handlers[type(node)](node)
        self.checked.types[node] = found
        return found

    # -- names -------------------------------------------------------------------------------------------------------

    def literal(self, node: ast.Literal) -> Type:
        """Return the type of a constant."""
        return _LITERALS[type(node.value)]

    def ident(self, node: ast.Ident) -> Type:
        """Resolve a plain name: a macro's variable, a declared variable, a constant or a type."""
        local = self.scope.local(node.name)
        if local is not None:
            self.checked.paths[node] = local.path
            return local.type
        found = self.resolved(node, node.name)
        if found is not None:
            return found
        if self.environment.check:
            name = node.name.lstrip(".")
            known = {*self.environment.variables, *self.scope.names()}
            self.report(node.offset, f"unknown name `{name}`", suggestion(name, known))
        self.checked.variables[node] = self.environment.candidates(node.name)
        return DYN

    def resolved(self, node: ast.Node, name: str) -> Type | None:
        """Return the type of a declared name and remember what it stands for, or None."""
        environment = self.environment
        for candidate in environment.candidates(name):
            if candidate in environment.variables:
                self.checked.variables[node] = (candidate,)
                self.checked.refer(node, candidate)
                return environment.variables[candidate]
            if candidate in environment.constants:
                kind, value = environment.constants[candidate]
                self.checked.constants[node] = value
                return kind
        return None

    def qualified(self, node: ast.Node) -> str | None:
        """Return `a.b.c` when the node is nothing but a name and its root is no variable of a macro."""
        fields: list[str] = []
        while isinstance(node, ast.Select) and not node.test and not node.optional:
            fields.append(node.field)
            node = node.operand
        if not isinstance(node, ast.Ident) or self.scope.local(node.name) is not None:
            return None
        return ".".join((node.name, *reversed(fields)))

    def select(self, node: ast.Select) -> Type:
        """Type `a.b`, `a.?b` and `has(a.b)`; the longest declared name comes first."""
        if not node.test and not node.optional:
            name = self.qualified(node)
            if name is not None and (found := self.resolved(node, name)) is not None:
                return found
        operand = self.type_of(node.operand)
        path = self.checked.paths.get(node.operand)
        if path is not None:
            self.checked.refer(node, f"{path}.{node.field}")
        inner = operand.parameters[0] if operand.kind == "optional" else operand
        found = self.field(node, inner)
        if node.test:
            return BOOL
        wrapped = (node.optional or operand.kind == "optional") and found.kind != "optional"
        return types.optional_of(found) if wrapped else found

    def field(self, node: ast.Select, operand: Type) -> Type:
        """Return the type of a field of a type, or report that there is none."""
        if isinstance(operand, RecordType):
            found = operand.field(node.field)
            if found is None and self.environment.strict_fields:
                hint = suggestion(node.field, operand.field_names())
                self.report(node.offset, f"`{operand.name}` has no field `{node.field}`", hint)
            return found or DYN
        if operand.kind == "map":
            return operand.parameters[1]
        if operand.kind not in {"dyn", "parameter"}:
            self.report(node.offset, f"`{operand}` has no fields, so `.{node.field}` cannot be read")
        return DYN

    def index(self, node: ast.Index) -> Type:
        """Type `a[i]` and `a[?i]`."""
        operand = self.type_of(node.operand)
        index = self.type_of(node.index)
        inner = operand.parameters[0] if operand.kind == "optional" else operand
        path = self.checked.paths.get(node.operand)
        if path is not None:
            self.checked.refer(node, f"{path}[]")
        found = self.element(node, inner, index)
        return types.optional_of(found) if node.optional or operand.kind == "optional" else found

    def element(self, node: ast.Index, operand: Type, index: Type) -> Type:
        """Return the type of what an index yields, or report why it cannot."""
        if operand.kind == "list":
            if index.kind not in {*types.NUMERIC, "dyn", "parameter"}:
                self.report(node.index.offset, f"a list is indexed by int, not by `{index}`")
            return operand.parameters[0]
        if operand.kind == "map":
            if not alike(operand.parameters[0], index):
                self.report(node.index.offset, f"the map's keys are `{operand.parameters[0]}`, not `{index}`")
            return operand.parameters[1]
        if operand.kind not in {"dyn", "record", "parameter"}:
            self.report(node.offset, f"`{operand}` cannot be indexed")
        return DYN

    # -- logic and literals ------------------------------------------------------------------------------------------

    def boolean(self, node: ast.Node, what: str) -> None:
        """Type a node that must be a bool."""
        found = self.type_of(node)
        if found.kind not in {"bool", "dyn", "parameter"}:
            self.report(node.offset, f"{what} must be bool, not `{found}`")

    def logical(self, node: ast.Logical) -> Type:
        """Type a chain of `&&` or `||`."""
        for term in node.terms:
            self.boolean(term, f"each side of `{node.operator}`")
        return BOOL

    def conditional(self, node: ast.Conditional) -> Type:
        """Type `c ? a : b`; the branches must fit each other."""
        self.boolean(node.condition, "the condition of `?`")
        then, otherwise = self.type_of(node.then), self.type_of(node.otherwise)
        if not alike(then, otherwise):
            self.report(node.offset, f"the branches of `?` differ: `{then}` and `{otherwise}`", "wrap one in `dyn()`")
        return joined((then, otherwise))

    def list_literal(self, node: ast.ListLiteral) -> Type:
        """Type a list literal."""
        found: list[Type] = []
        for place, element in enumerate(node.elements):
            kind = self.type_of(element)
            found.append(self.unwrapped(element, kind) if place in node.optional else kind)
        self.homogeneous(node.elements, found, "list elements")
        return types.list_of(joined(found))

    def unwrapped(self, node: ast.Node, kind: Type) -> Type:
        """Return what an optional holds, reporting a value that is none after `?`."""
        if kind.kind == "optional":
            return kind.parameters[0]
        if kind.kind != "dyn":
            self.report(node.offset, f"`?` needs an optional value, not `{kind}`")
        return DYN

    def homogeneous(self, nodes: tuple[ast.Node, ...], found: list[Type], what: str) -> None:
        """Report the first element whose type differs from the first one's, where the environment wants one type."""
        if not self.environment.homogeneous_literals:
            return
        for node, kind in zip(nodes, found, strict=True):
            if not alike(found[0], kind):
                self.report(
                    node.offset, f"{what} must have one type: `{found[0]}` and `{kind}`", "wrap them in `dyn()`"
                )
                return

    def map_literal(self, node: ast.MapLiteral) -> Type:
        """Type a map literal."""
        keys = [self.type_of(entry.key) for entry in node.entries]
        values: list[Type] = []
        for entry in node.entries:
            kind = self.type_of(entry.value)
            values.append(self.unwrapped(entry.value, kind) if entry.optional else kind)
        for entry, key in zip(node.entries, keys, strict=True):
            if key.kind not in {"string", "int", "uint", "bool", "dyn", "parameter"}:
                self.report(entry.offset, f"a map key is a string, int, uint or bool, not `{key}`")
        self.homogeneous(tuple(entry.key for entry in node.entries), keys, "map keys")
        self.homogeneous(tuple(entry.value for entry in node.entries), values, "map values")
        return types.map_of(joined(keys), joined(values))

    # -- macros ------------------------------------------------------------------------------------------------------

    def comprehension(self, node: ast.Comprehension) -> Type:
        """Type a macro over a list or map."""
        operand = self.type_of(node.operand)
        path = self.checked.paths.get(node.operand)
        place = None if path is None else f"{path}[]"
        if operand.kind == "list":
            key, value = INT, operand.parameters[0]
        elif operand.kind == "map":
            key, value = operand.parameters
        else:
            key, value = DYN, DYN
            if operand.kind not in {"dyn", "parameter", "record"}:
                self.report(node.operand.offset, f"`{node.kind}` needs a list or map, not `{operand}`")
        names: dict[str, Local] = {}
        if node.second is None:
            over_values = operand.kind in {"list", "dyn", "parameter"}
            names[node.first] = Local(value, place) if over_values else Local(key, None)
        else:
            names = {node.first: Local(key, None), node.second: Local(value, place)}
        with self.scope.inner(names):
            if node.condition is not None:
                self.boolean(node.condition, f"the condition of `{node.kind}`")
            result = DYN if node.result is None else self.type_of(node.result)
        match node.kind:
            case "all" | "exists" | "exists_one":
                return BOOL
            case "filter":
                return operand if operand.kind == "list" else types.list_of(names[node.first].type)
            case "map":
                return types.list_of(result)
            case "transform_map":
                return types.map_of(key, result)
        return result if result.kind == "map" else types.map_of(DYN, DYN)

    def bind(self, node: ast.Bind) -> Type:
        """Type `cel.bind`."""
        value = self.type_of(node.value)
        with self.scope.inner({node.name: Local(value, self.checked.paths.get(node.value))}):
            return self.type_of(node.body)

    def optional_map(self, node: ast.OptionalMap) -> Type:
        """Type `optMap` and `optFlatMap`."""
        inner = self.unwrapped(node.operand, self.type_of(node.operand))
        with self.scope.inner({node.name: Local(inner, self.checked.paths.get(node.operand))}):
            body = self.type_of(node.body)
        return types.optional_of(self.unwrapped(node.body, body) if node.flat else body)

    def comparable(self, left: Type, right: Type) -> bool:
        """Whether an order between the types is defined."""
        return comparable(left, right)
