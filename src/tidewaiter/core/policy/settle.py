"""What a policy is in this run: the document with the installation's changes, for one stage."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.policy.compiled import CompiledPolicy, PolicySet
from tidewaiter.core.policy.override import PolicyOverride
from tidewaiter.core.policy.problem import did_you_mean
from tidewaiter.core.policy.selector import Selector
from tidewaiter.core.policy.stages import OnUnknown, Stage, default_action, default_on_unknown
from tidewaiter.core.policy.types import converted, fits

_EVERYTHING = Selector()


class ActivePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """One policy that is judged at this stage."""

    policy: CompiledPolicy
    severity: Severity
    params: Mapping[str, Any]
    enforce: str
    on_unknown: OnUnknown | None
    """None: the default, which depends on whether the subject is production."""
    is_scoped: bool
    """True when a selector or a namespace limits it."""

    def counts_unknown_as(self, *, production: bool) -> OnUnknown:
        """Return how an open question of this policy counts."""
        return self.on_unknown or default_on_unknown(production=production)


def settle(
    policies: PolicySet, overrides: Mapping[str, PolicyOverride], stage: Stage
) -> tuple[list[ActivePolicy], list[Unknown]]:
    """Return the policies of a stage with their overrides, and what is wrong with the overrides."""
    active: list[ActivePolicy] = []
    unknowns: list[Unknown] = []
    for policy in policies.policies:
        override = overrides.get(policy.name, PolicyOverride())
        if not override.enabled or stage not in policy.document.spec.stages:
            continue
        params, problems = _params(policy, override)
        unknowns.extend(problems)
        severity = override.severity or Severity(policy.document.spec.severity)
        enforce = _enforce(policy, override, stage, severity)
        if enforce == "off" or problems:
            continue
        spec = policy.document.spec
        scoped = spec.match != _EVERYTHING or spec.exclude is not None or policy.document.kind == "Policy"
        active.append(
            ActivePolicy(
                policy=policy,
                severity=severity,
                params=params,
                enforce=enforce,
                on_unknown=_on_unknown(policy, override, stage),
                is_scoped=scoped,
            )
        )
    return active, unknowns


def _params(policy: CompiledPolicy, override: PolicyOverride) -> tuple[Mapping[str, Any], list[Unknown]]:
    values = dict(policy.params)
    problems = []
    for name, value in override.params.items():
        kind = policy.param_types.get(name)
        if kind is None:
            problems.append(
                _refused(policy.name, f"parameter `{name}` is not declared", did_you_mean(name, policy.param_types))
            )
        elif not fits(value, kind):
            problems.append(
                _refused(policy.name, f"parameter `{name}` must be {kind}", "correct it in .tidewaiter.yaml")
            )
        else:
            values[name] = converted(value, kind)
    return values, problems


def _enforce(policy: CompiledPolicy, override: PolicyOverride, stage: Stage, severity: Severity) -> str:
    own = policy.document.spec.enforce
    written = override.enforce.get(stage)
    if written is None:
        written = {"build": own.build, "deploy": own.deploy, "runtime": own.runtime or None}[stage]
    if written is None:
        return default_action(stage, severity)
    return written if isinstance(written, str) else ",".join(str(action) for action in written)


def _on_unknown(policy: CompiledPolicy, override: PolicyOverride, stage: Stage) -> OnUnknown | None:
    if isinstance(override.on_unknown, str):
        return override.on_unknown
    if override.on_unknown is not None and stage in override.on_unknown:
        return override.on_unknown[stage]
    return policy.document.spec.on_unknown.get(stage)


def _refused(name: str, reason: str, advice: str) -> Unknown:
    return Unknown(subject=f"policy {name}", reason=reason, advice=advice)
