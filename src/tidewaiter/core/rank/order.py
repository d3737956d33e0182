"""The order of groups: what breaks the gate first, then by how much each change would take away from an attacker."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from tidewaiter.core.finding import Finding, Fix
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.verdict import Fail
from tidewaiter.core.rank.group import Group, collect, group_id
from tidewaiter.core.rank.sentence import sentence
from tidewaiter.core.rank.versions import highest_version

# Points of one finding. What is known to be exploited outweighs one step of severity, so a known-exploited high comes
# before a critical that nobody has been seen to use; exposure, likelihood, a ready fix and the number of findings
# together outweigh a step only when the worse finding has none of them.
_STEP: Final = 15
_KNOWN_EXPLOITED: Final = 20
_EXPOSED: Final = 5
_WORSE_DEFECT: Final = 5
"""A critical defect under a policy of lower severity."""
_LIKELY: Final = ((0.5, 6), (0.1, 3), (0.01, 1))
"""EPSS probability from which on the points hold; FIRST publishes it for the next 30 days."""
_FIXABLE: Final = 2
_MOST_FOR_COUNT: Final = 3


def rank(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Return the groups, first what to do first, each with its fix and its sentence.

    The result does not depend on the order of `findings`. Groups whose findings are all exempted come last.
    """
    groups = [_group(key, members) for key, members in collect(findings).items()]
    return tuple(sorted(groups, key=lambda group: (*_rank(group.findings), *_place(group.findings[0]), group.id)))


def urgency(finding: Finding) -> float:
    """Return the points of one finding; more is more urgent."""
    facts = dict(finding.facts)
    points = float(_STEP * finding.severity.rank)
    if facts.get("severity") == Severity.CRITICAL.value and finding.severity is not Severity.CRITICAL:
        points += _WORSE_DEFECT
    if facts.get("kev") is True:
        points += _KNOWN_EXPLOITED
    if facts.get("exposed") is True:
        points += _EXPOSED
    epss = facts.get("epss")
    if isinstance(epss, int | float):
        points += next((worth for least, worth in _LIKELY if epss >= least), 0) + min(max(epss, 0.0), 1.0) / 10
    if is_fixable(finding):
        points += _FIXABLE
    return points


def is_fixable(finding: Finding) -> bool:
    """Tell whether there is something to change: a patch, a version to move to, or a described change."""
    return bool(finding.fix is not None and finding.fix.patches) or bool(dict(finding.facts).get("fixed"))


def _rank(members: Sequence[Finding]) -> tuple[bool, bool, bool, float]:
    live = [finding for finding in members if finding.exception is None]
    failed = [finding for finding in live if isinstance(finding.verdict, Fail)]
    blocks = any(finding.enforce in {"fail", "deny"} and finding.severity is not Severity.INFO for finding in failed)
    best = max(map(urgency, failed or live or members))
    return not live, not blocks, not failed, -(best + min(math.log2(len(live) or 1), _MOST_FOR_COUNT))


def _place(finding: Finding) -> tuple[str, int]:
    """Return what equally urgent groups are read by: the file, then the line."""
    return finding.location.file or "", finding.location.line or 0


def _group(key: str, members: Sequence[Finding]) -> Group:
    ordered = tuple(sorted(members, key=_within))
    fix = _fix(ordered)
    return Group(id=group_id(key), findings=ordered, fix=fix, sentence=sentence(ordered, fix))


def _within(finding: Finding) -> tuple[bool, bool, float, str, str]:
    exempted = finding.exception is not None
    return exempted, not isinstance(finding.verdict, Fail), -urgency(finding), finding.message, finding.id


def _fix(ordered: Sequence[Finding]) -> Fix | None:
    """Return the one fix that closes all: of several upgrades the one to the highest version."""
    with_fix = [finding for finding in ordered if finding.fix is not None]
    if not with_fix:
        return None
    versions = {finding.id: str(dict(finding.facts).get("fixed") or "") for finding in with_fix}
    purl = str(next((dict(finding.facts).get("purl") for finding in with_fix if dict(finding.facts).get("purl")), ""))
    highest = highest_version(purl, [version for version in versions.values() if version])
    chosen = next((finding for finding in with_fix if versions[finding.id] == highest), with_fix[0])
    return chosen.fix
