"""What an installation changes about a policy without touching it (`policies:` of `.tidewaiter.yaml`)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tidewaiter.core.model.severity import Severity
from tidewaiter.core.policy.stages import OnUnknown, Stage


class PolicyOverride(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True
):
    """Every field left out keeps what the policy says."""

    enabled: bool = True
    severity: Severity | None = None
    params: Mapping[str, Any] = {}
    """Values of the policy's declared parameters."""
    enforce: Mapping[Stage, Any] = {}
    """`{build: warn}`; replaces the policy's own action of that stage."""
    on_unknown: Mapping[Stage, OnUnknown] | OnUnknown | None = None
    """One word for every stage, or one per stage."""
