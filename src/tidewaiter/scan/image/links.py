"""Finds package databases that lie behind links, so that their targets can be read under another name."""

from collections.abc import Iterator, Sequence
from typing import Final

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image.facts import LayerFacts
from tidewaiter.scan.image.merge import Merge
from tidewaiter.scan.image.paths import join, split
from tidewaiter.scan.image.plan import Plan

_MOST_LOST: Final = 100

Also = dict[str, tuple[str, ...]]
"""Path as the layer writes it -> ids of the analyzers that want it."""


def further_reads(merge: Merge, plan: Plan, layers: list[LayerFacts]) -> dict[int, Also]:
    """Return, per layer, the paths that nobody read although a link with a wanted name leads to them."""
    found: dict[int, Also] = {}
    for index, facts in enumerate(layers):
        for path, target in facts.hard.items():
            real = merge.real_path(index, target)
            if target in facts.results or target in facts.system or real in merge.evidence:
                continue
            for below in range(index, -1, -1):
                if merge.views[below].has(real):
                    found.setdefault(below, {})[target] = plan.wanted(path, *split(path))
                    break
    for real, ids in _moved(merge, plan).items():
        for index, view in enumerate(merge.views):
            if view.has(real):
                found.setdefault(index, {})[real] = ids
    return found


def lost_links(merge: Merge, plan: Plan, subjects: Sequence[str]) -> Iterator[Unknown]:
    """Yield what stays unread because a link with a wanted name leads nowhere; `subjects` names the layers."""
    for layer, path, target in merge.unbound[:_MOST_LOST]:
        reason = f"{path}: it is a hard link to `{target}`, whose body was not found"
        yield Unknown(subject=subjects[layer], reason=reason, location=Location(file=path, layer=layer))
    if len(merge.unbound) > _MOST_LOST:
        reason = f"{len(merge.unbound) - _MOST_LOST} more hard links whose bodies were not found"
        yield Unknown(subject=subjects[merge.unbound[_MOST_LOST][0]], reason=reason)
    resolver = merge.resolver()
    for anchor in plan.anchors:
        if resolver.is_too_deep(anchor):
            reason = f"{anchor}: more than {plan.limits.link_depth} symbolic links lead to it, or they go in a circle"
            yield Unknown(subject=subjects[-1], reason=reason, location=Location(file=anchor))


def _moved(merge: Merge, plan: Plan) -> Also:
    """Return the real paths of wanted files and folders that symbolic links move."""
    resolver = merge.resolver()
    moved: Also = {}
    for anchor in plan.anchors:
        real = resolver.file(anchor)
        if real == anchor or not real:
            continue
        if merge.exists(real):
            ids = plan.wanted(anchor, *split(anchor))
            if not set(ids) <= set(plan.wanted(real, *split(real))):
                moved[real] = ids
            continue
        for name in {name for view in merge.views for name in view.names(real)}:
            ids = plan.wanted(join(anchor, name), anchor, name)
            if not set(ids) <= set(plan.wanted(join(real, name), real, name)):
                moved[join(real, name)] = ids
    return moved
