"""Violations and open questions become findings with their place, message, fix and consequence."""

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from tidewaiter.core.finding import Finding, Fix, SubjectRef, finding_id
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Fail, Unknown
from tidewaiter.core.policy.compiled import CompiledRule
from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Place, Subject, View
from tidewaiter.core.policy.fixes import fix_of
from tidewaiter.core.policy.places import key_of, place_of_item, related_locations
from tidewaiter.core.policy.scope import Scope
from tidewaiter.core.policy.settle import ActivePolicy
from tidewaiter.core.policy.stages import OnUnknown, is_production
from tidewaiter.core.policy.upgrades import upgrade_of

_NONE = object()


def violation(
    active: ActivePolicy,
    rule: CompiledRule,
    subject: Subject,
    view: View,
    scope: Scope,
    *,
    item: Any = _NONE,
    index: int = 0,
) -> Finding:
    """Return the finding of one violated rule; `item` is the judged element of a rule with `each`."""
    policy, spec = active.policy, active.policy.document.spec
    reference = subject.reference(view)
    place = subject.place(view)
    if item is not _NONE:
        reference = structs.replace(reference, key=key_of(item, index))
        place = place_of_item(item, subject, view)
    at = rule.at.evaluate(scope)
    location = place.at(at if isinstance(at, str) else "")
    message = rule.message.evaluate(scope)
    related = related_locations(rule.related.evaluate(scope), subject, view) if rule.related is not None else ()
    return Finding(
        id=finding_id(policy=policy.name, rule=rule.rule.name, subject=reference),
        policy=policy.name,
        rule=rule.rule.name,
        title=spec.title,
        severity=active.severity,
        verdict=Fail(),
        message=message if isinstance(message, str) else f"{spec.title}: {reference}",
        subject=reference,
        location=location,
        related=tuple(one for one in dict.fromkeys((*place.related, *related)) if one != location),
        fix=_fix(rule, view, scope, place, location),
        remediation=spec.remediation,
        enforce=active.enforce,
        on_unknown=_on_unknown(active, view, reference),
        facts=subject.evidence(view),
    )


def _fix(rule: CompiledRule, view: View, scope: Mapping[str, Any], place: Place, location: Location) -> Fix | None:
    if rule.fix is not None:
        return fix_of(rule.fix, scope, place, location)
    return upgrade_of(view) if view.record.name == "vulnerability" else None


def open_question(active: ActivePolicy, subject: Subject, view: View, reasons: Mapping[str, str]) -> Finding:
    """Return the one open question of a policy about a subject; `reasons` maps rules to what was missing."""
    policy, spec = active.policy, active.policy.document.spec
    reference = subject.reference(view)
    reason = "; ".join(dict.fromkeys(reasons.values()))
    place = subject.place(view)
    location = place.at()
    return Finding(
        id=finding_id(policy=policy.name, rule=next(iter(reasons)), subject=reference),
        policy=policy.name,
        rule=next(iter(reasons)),
        title=spec.title,
        severity=active.severity,
        verdict=Unknown(subject=str(reference), reason=reason, location=location, incomplete=False),
        message=f"{spec.title}: cannot be told for {reference}, because {reason}",
        subject=reference,
        location=location,
        related=place.related,
        remediation=spec.remediation,
        enforce=active.enforce,
        on_unknown=_on_unknown(active, view, reference),
        facts=subject.evidence(view),
    )


def _on_unknown(active: ActivePolicy, view: View, reference: SubjectRef) -> OnUnknown:
    world = view.world
    labels = common.namespace_labels(world, reference.namespace)
    environment = world.environment or world.context.tree.environment
    return active.counts_unknown_as(production=is_production(environment, labels))
