"""Judging: every policy over every subject it is about, each fact computed once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from tidewaiter.core.cel import CelError, Unknown
from tidewaiter.core.context import Context
from tidewaiter.core.finding import Finding
from tidewaiter.core.model.verdict import Unknown as OpenQuestion
from tidewaiter.core.policy.compiled import CompiledRule, PolicySet
from tidewaiter.core.policy.fields import records, subjects
from tidewaiter.core.policy.fields.base import Subject, View
from tidewaiter.core.policy.findings import open_question, violation
from tidewaiter.core.policy.override import PolicyOverride
from tidewaiter.core.policy.scope import Scope, Variables, computations_of
from tidewaiter.core.policy.settle import ActivePolicy, settle
from tidewaiter.core.policy.stages import Stage
from tidewaiter.core.policy.world import World

_NO_VARIABLES: Mapping[str, Any] = {}


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Violations and open questions sorted by policy, then in the order of the input; and what could not be judged."""

    findings: tuple[Finding, ...]
    unknowns: tuple[OpenQuestion, ...]


class Judge:
    """The policies of one stage with an installation's settings, prepared once for many trees or objects."""

    def __init__(
        self, policies: PolicySet, stage: Stage, overrides: Mapping[str, PolicyOverride] | None = None
    ) -> None:
        """Settle the overrides and sort the policies by what they are about."""
        active, unknowns = settle(policies, overrides or {}, stage)
        self._stage: Stage = stage
        self._unknowns = (*policies.problems, *unknowns)
        self._names = sorted(one.policy.name for one in active)
        self._by_subject = [
            (subject, computations_of(subject), chosen)
            for name, subject in subjects().items()
            if (chosen := [one for one in active if one.policy.subject.id == name])
        ]

    def judge(self, context: Context, *, now: datetime, environment: str = "") -> Evaluation:
        """Judge the facts of one tree. Pure: the same arguments give the same findings in the same order."""
        world = World(context, records=records(), now=now, stage=self._stage, environment=environment)
        findings: dict[str, list[Finding]] = {name: [] for name in self._names}
        for subject, computations, chosen in self._by_subject:
            for view in subject.members(world):
                scope = Scope(view, computations)
                for active in chosen:
                    if not active.is_scoped or _is_meant(active, subject, view):
                        _judge(active, subject, view, scope, findings[active.policy.name])
        ordered = tuple(finding for name in self._names for finding in findings[name])
        return Evaluation(findings=ordered, unknowns=self._unknowns)


def evaluate(
    policies: PolicySet,
    context: Context,
    *,
    stage: Stage,
    now: datetime,
    overrides: Mapping[str, PolicyOverride] | None = None,
    environment: str = "",
) -> Evaluation:
    """Judge the facts of one tree at one stage; `Judge` does the same for many."""
    return Judge(policies, stage, overrides).judge(context, now=now, environment=environment)


def _is_meant(active: ActivePolicy, subject: Subject, view: View) -> bool:
    document = active.policy.document
    traits = subject.traits(view)
    if document.kind == "Policy" and traits.namespace != document.metadata.namespace:
        return False
    exclude = document.spec.exclude
    return document.spec.match.matches(traits) and not (exclude is not None and exclude.matches(traits))


def _judge(active: ActivePolicy, subject: Subject, view: View, scope: Scope, found: list[Finding]) -> None:
    policy = active.policy
    scope["params"] = active.params
    scope["variables"] = Variables(policy.variables, scope) if policy.variables else _NO_VARIABLES
    open_reasons: dict[str, str] = {}
    if policy.where is not None:
        wanted = policy.where.evaluate(scope)
        if wanted is False:
            return
        if wanted is not True:
            found.append(open_question(active, subject, view, {"where": _reason(wanted)}))
            return
    for rule in policy.rules:
        if rule.each is None:
            verdict = rule.condition.evaluate(scope)
            if verdict is rule.violated_when:
                found.append(violation(active, rule, subject, view, scope))
            elif type(verdict) is not bool:
                open_reasons[rule.rule.name] = _reason(verdict)
        else:
            _judge_each(active, rule, subject, view, scope, found, open_reasons)
    if open_reasons:
        found.append(open_question(active, subject, view, open_reasons))


def _judge_each(
    active: ActivePolicy,
    rule: CompiledRule,
    subject: Subject,
    view: View,
    scope: Scope,
    found: list[Finding],
    open_reasons: dict[str, str],
) -> None:
    assert rule.each is not None
    items = rule.each.evaluate(scope)
    if not isinstance(items, list | tuple):
        open_reasons[rule.rule.name] = _reason(items)
        return
    for index, item in enumerate(items):
        scope["item"], scope["index"] = item, index
        verdict = rule.condition.evaluate(scope)
        if verdict is rule.violated_when:
            found.append(violation(active, rule, subject, view, scope, item=item, index=index))
        elif type(verdict) is not bool:
            open_reasons.setdefault(rule.rule.name, _reason(verdict))


def _reason(value: Any) -> str:
    if isinstance(value, Unknown):
        return "; ".join(value.reasons)
    if isinstance(value, CelError):
        return f"the expression failed: {value.message}"
    return f"the expression gave a {type(value).__name__} where a bool or a list was expected"
