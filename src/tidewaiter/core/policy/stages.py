"""The stages at which policies are judged, and what each does with a violation or an open question."""

from collections.abc import Mapping
from typing import Literal

from tidewaiter.core.model.severity import Severity

Stage = Literal["build", "deploy", "runtime"]
OnUnknown = Literal["allow", "warn", "deny"]
BuildAction = Literal["fail", "warn", "off"]
DeployAction = Literal["deny", "warn", "audit", "mutate", "off"]

STAGES: tuple[Stage, ...] = ("build", "deploy", "runtime")
PRODUCTION_LABEL = "tidewaiter.dev/environment"
PRODUCTION = "production"


def default_action(stage: Stage, severity: Severity) -> str:
    """Return what a stage does when the policy does not say: `critical` and `high` stop, all others warn."""
    stops = severity.rank >= Severity.HIGH.rank
    if stage == "build":
        return "fail" if stops else "warn"
    if stage == "deploy":
        return "deny" if stops else "warn"
    return "alert"


def is_production(environment: str, namespace_labels: Mapping[str, str]) -> bool:
    """Tell whether the command or the namespace's label says production."""
    return PRODUCTION in {environment, namespace_labels.get(PRODUCTION_LABEL, "")}


def default_on_unknown(*, production: bool) -> OnUnknown:
    """Return how an open question counts when the policy does not say."""
    return "deny" if production else "warn"
