"""Keeps by which workloads the images of a tree are run."""

from collections.abc import Iterator

from tidewaiter.core.context import Context, Tree
from tidewaiter.core.model.kubernetes import KubernetesObject
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.owner import normalised
from tidewaiter.core.owner.decide import KEYS
from tidewaiter.gates.build.remember import moment, not_kept
from tidewaiter.gates.build.tools import Tools
from tidewaiter.ports.inventories import InventoryError, Use


def remember_uses(tree: Tree, tools: Tools) -> Iterator[Unknown]:
    """Keep by which workloads of the tree its images are run; yield a remark when that fails."""
    if not tree.workloads:
        return
    context = Context(tree)
    now = moment(tools.clock)
    for image in tree.images:
        uses = {
            Use(workload=workload.ref, owner=_owner(workload.object)) for workload, _ in context.containers_of(image)
        }
        try:
            tools.inventories.used(image, sorted(uses), place=tree.root, now=now)
        except InventoryError as error:
            yield not_kept(error)
            return


def _owner(found: KubernetesObject) -> str:
    """Return the owner that annotations or labels name; the order of owners in full needs a finding."""
    words = (texts.get(key, "").strip() for texts in (found.annotations, found.labels) for key in KEYS)
    return next((normalised(word) for word in words if word), "")
