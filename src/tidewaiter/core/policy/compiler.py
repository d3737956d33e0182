"""Compiles the expressions of one policy and turns each of their errors into a place in the policy's file."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tidewaiter.core.cel import CompileError, Environment, Issue, Program, Template, compile_template, types
from tidewaiter.core.cel import compile as compile_expression
from tidewaiter.core.model.location import Location
from tidewaiter.core.policy.compiled import CompiledFix, CompiledOperation, Expression
from tidewaiter.core.policy.document import FixTemplate, PolicySource
from tidewaiter.core.policy.fields import subjects
from tidewaiter.core.policy.fields.base import Subject
from tidewaiter.core.policy.functions import FUNCTIONS
from tidewaiter.core.policy.problem import PolicyProblem
from tidewaiter.core.policy.types import parse_type
from tidewaiter.core.strict import place

_NOTHING = "false"
"""Stands in for an expression that was refused, so that the rest of the document is still checked."""


def environment_of(
    subject: Subject,
    params: Mapping[str, types.Type],
    *,
    variables: Mapping[str, types.Type] | None = None,
    item: types.Type | None = None,
) -> Environment:
    """Return what expressions of a policy may use: the subject, its parents, `tree`, `now`, `params`, `variables`, `item`."""
    if not params and not variables and item is None:
        return _plain(subject.id)
    names = dict(_names(subject))
    names["params"] = types.RecordType("params", params)
    names["variables"] = types.RecordType("variables", variables or {})
    if item is not None:
        names |= {"item": item, "index": types.INT}
    return Environment(variables=names, functions=FUNCTIONS)


@cache
def _plain(subject_id: str) -> Environment:
    """Return the environment shared by the policies of a subject that declare nothing of their own."""
    nothing: dict[str, types.Type] = {}
    names = {
        **_names(subjects()[subject_id]),
        "params": types.RecordType("params", nothing),
        "variables": types.RecordType("variables", nothing),
    }
    return Environment(variables=names, functions=FUNCTIONS)


def _names(subject: Subject) -> dict[str, types.Type]:
    names = {variable.name: parse_type(variable.type) for variable in subject.parents}
    names[subject.id] = parse_type(subject.record)
    names.setdefault("tree", parse_type("tree"))
    names |= {"cluster": types.DYN, "now": types.TIMESTAMP, "stage": types.STRING, "environment": types.STRING}
    return names


class Compiler:
    """Compiles for one policy; errors are gathered in `problems`."""

    def __init__(self, source: PolicySource, policy: str, problems: list[PolicyProblem]) -> None:
        """Remember where the texts come from."""
        self._source = source
        self._policy = policy
        self._problems = problems

    def program(self, text: str, environment: Environment, pointer: str, expected: types.Type | None = None) -> Program:
        """Return the program of an expression; a refused one is reported and stands for false."""
        try:
            program = compile_expression(text, environment)
        except CompileError as error:
            self._refuse(text, pointer, error.issues)
            return compile_expression(_NOTHING, environment)
        if expected is not None and program.result_type.kind not in {expected.kind, "dyn"}:
            self._report(text, pointer, 0, f"the expression yields {program.result_type}, not {_word(expected)}", "")
        return program

    def template(self, text: str, environment: Environment, pointer: str) -> Template:
        """Return the template of a text with `{{ CEL }}`."""
        try:
            return compile_template(text, environment)
        except CompileError as error:
            self._refuse(text, pointer, error.issues)
            return compile_template("", environment)

    def fix(self, fix: FixTemplate, environment: Environment, pointer: str) -> CompiledFix:
        """Return a fix with its programs."""
        operations = tuple(
            CompiledOperation(
                op=operation.op,
                path=self.template(operation.path, environment, f"{pointer}/patch/{index}/path"),
                value=self._value(operation.value, environment, f"{pointer}/patch/{index}/value"),
            )
            for index, operation in enumerate(fix.patch)
        )
        text = fix.replace_text
        return CompiledFix(
            template=fix,
            operations=operations,
            find=self.template(text.find, environment, f"{pointer}/replaceText/find") if text is not None else None,
            replacement=self.template(text.replacement, environment, f"{pointer}/replaceText/with")
            if text is not None
            else None,
        )

    def _value(self, value: Any, environment: Environment, pointer: str) -> Any:
        if isinstance(value, Mapping):
            if set(value) == {"expression"} and isinstance(value["expression"], str):
                return Expression(self.program(value["expression"], environment, f"{pointer}/expression"))
            return {key: self._value(inner, environment, f"{pointer}/{key}") for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(inner, environment, f"{pointer}/{index}") for index, inner in enumerate(value)]
        return value

    def _refuse(self, text: str, pointer: str, issues: tuple[Issue, ...]) -> None:
        for issue in issues:
            self._report(text, pointer, issue.offset, issue.message, issue.hint or "")

    def _report(self, text: str, pointer: str, offset: int, message: str, hint: str) -> None:
        location = self._place(text, pointer, offset)
        self._problems.append(PolicyProblem(policy=self._policy, message=message, location=location, hint=hint))

    def _place(self, text: str, pointer: str, offset: int) -> Location:
        """Return the place of a character of an expression.

        The text of the file is searched from the field on for the expression's own line, which finds plain, quoted and
        block scalars alike; where escapes or folding changed it, the field itself is the place.
        """
        field = place(self._source.file, pointer, self._source.positions)
        if field.line is None or not self._source.text:
            return field
        lines = self._source.text.splitlines()
        before = text[:offset]
        wanted = text.split("\n")[before.count("\n")]
        column = offset - (before.rfind("\n") + 1)
        start = field.line - self._source.line
        for row in range(start, min(start + before.count("\n") + 2, len(lines))):
            found = lines[row].find(wanted, (field.column or 1) - 1 if row == start else 0)
            if wanted.strip() and found >= 0:
                return Location(
                    file=field.file, line=self._source.line + row, column=found + column + 1, pointer=pointer
                )
        return field


def _word(expected: types.Type) -> str:
    return {"bool": "a bool", "list": "a list"}.get(expected.kind, str(expected))
