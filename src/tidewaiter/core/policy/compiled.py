"""A policy ready to be judged: its document, its programs, its parameters' types."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tidewaiter.core.cel import Program, Template, types
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.policy.document import FixTemplate, PolicyDocument, Rule
from tidewaiter.core.policy.fields.base import Subject
from tidewaiter.core.policy.problem import PolicyProblem


class Expression(msgspec.Struct, frozen=True):
    """A value of a patch that is computed."""

    program: Program


class CompiledOperation(msgspec.Struct, frozen=True, kw_only=True):
    """One patch operation; `value` holds `Expression` where the document has `{expression: …}`."""

    op: str
    path: Template
    value: Any


class CompiledFix(msgspec.Struct, frozen=True, kw_only=True):
    """A fix template with its programs."""

    template: FixTemplate
    operations: tuple[CompiledOperation, ...]
    find: Template | None = None
    replacement: Template | None = None


class CompiledRule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule with its programs."""

    rule: Rule
    condition: Program
    violated_when: bool
    """What the condition yields on a violation: true for `forbid`, false for `require`."""
    each: Program | None
    message: Template
    at: Template
    related: Program | None
    fix: CompiledFix | None


class CompiledPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """One policy that type-checks."""

    document: PolicyDocument
    subject: Subject
    file: str
    where: Program | None
    variables: Mapping[str, Program]
    rules: tuple[CompiledRule, ...]
    param_types: Mapping[str, types.Type]
    params: Mapping[str, Any]
    """Default values, converted."""

    @property
    def name(self) -> str:
        """Return the policy's id."""
        return self.document.metadata.name


class PolicySet(msgspec.Struct, frozen=True, kw_only=True):
    """Policies sorted by name, and what is wrong with the others."""

    policies: tuple[CompiledPolicy, ...]
    defects: tuple[PolicyProblem, ...] = ()
    """Every problem with its place, for `policy lint`."""

    @property
    def problems(self) -> tuple[Unknown, ...]:
        """Return one open question per defect; such a run exits 3 unless something failed."""
        return tuple(defect.as_unknown() for defect in self.defects)

    def get(self, name: str) -> CompiledPolicy | None:
        """Return the policy of that name, None when there is none."""
        return next((policy for policy in self.policies if policy.name == name), None)
