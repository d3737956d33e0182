"""How a vulnerability of a scan stands, in the words of VEX: for statements that others read."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from tidewaiter.core.report.facts import VulnerabilityFacts
from tidewaiter.core.report.upgrades import SEVERITIES

Status = Literal["not_affected", "affected", "fixed", "under_investigation"]

_KERNEL: Final = "kernel-headers"
_OPEN: Final = frozenset({"unknown", "under_investigation"})


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One vulnerability in all packages of an image about which the same is to be said."""

    id: str
    aliases: tuple[str, ...]
    status: Status
    reason: str
    """Why it is not affected; empty for the other statuses."""
    justification: str
    """OpenVEX's word; empty where none fits."""
    action: str
    """What to do; empty unless it is affected."""
    members: tuple[VulnerabilityFacts, ...]

    @property
    def purls(self) -> tuple[str, ...]:
        """Return the package URLs, each once, sorted."""
        return tuple(sorted({one.purl for one in self.members}))

    @property
    def worst(self) -> VulnerabilityFacts:
        """Return the member with the worst severity."""
        return min(self.members, key=lambda one: (SEVERITIES.index(one.severity), one.purl))


def standings(found: Iterable[VulnerabilityFacts]) -> tuple[Standing, ...]:
    """Return every vulnerability once per status, reason and action, by id."""
    groups: dict[tuple[str, Status, str, str, str], list[VulnerabilityFacts]] = defaultdict(list)
    for one in found:
        groups[(one.id, *_standing(one))].append(one)
    return tuple(
        Standing(
            id=name,
            aliases=tuple(sorted({alias for one in members for alias in one.aliases} - {name})),
            status=status,
            reason=reason,
            justification=justification,
            action=action,
            members=tuple(members),
        )
        for (name, status, reason, justification, action), members in sorted(groups.items(), key=lambda group: group[0])
    )


def _standing(one: VulnerabilityFacts) -> tuple[Status, str, str, str]:
    if not one.suppressed:
        if one.status in _OPEN:
            return "under_investigation", "", "", ""
        return "affected", "", "", _action(one)
    if one.status in _OPEN or one.suppressed.startswith("under investigation"):
        return "under_investigation", "", "", ""
    if one.suppressed.startswith("fixed"):
        return "fixed", "", "", ""
    if one.suppressed.startswith("covered by vendor: fixed"):
        return "fixed", "", "", ""
    justification = "vulnerable_code_not_present" if one.suppressed == _KERNEL else _stated(one.suppressed)
    reason = "headers of a kernel that does not run here" if one.suppressed == _KERNEL else one.suppressed
    return "not_affected", reason, justification, ""


_JUSTIFICATIONS: Final = (
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
)


def _stated(suppressed: str) -> str:
    """Return the justification that a statement gave, as the words of a suppression repeat it."""
    return next((word for word in _JUSTIFICATIONS if word in suppressed), "")


def _action(one: VulnerabilityFacts) -> str:
    if one.fixed:
        needs = f" (needs {one.fix_needs})" if one.fix_needs else ""
        return f"upgrade {one.source or one.package} to {one.fixed}{needs}"
    if one.status in {"will_not_fix", "end_of_life", "fix_deferred"}:
        return f"no fix: {one.status.replace('_', ' ')}; replace {one.source or one.package}"
    return f"no fix of {one.source or one.package} is known yet"
