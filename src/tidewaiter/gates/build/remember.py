"""Keeps what was seen, so that later advisories can be told to whom they matter (`tidewaiter watch`)."""

from collections.abc import Iterator, Sequence

from tidewaiter.core.context import Context, Tree
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.kubernetes import KubernetesObject
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.owner import normalised
from tidewaiter.core.owner.decide import KEYS
from tidewaiter.gates.build.request import Tools
from tidewaiter.ports.clock import Clock
from tidewaiter.ports.inventories import InventoryError, Use


def remember(image: Image, found: Sequence[Vulnerability] | None, tools: Tools) -> Iterator[Unknown]:
    """Keep an image with what matching told of it, None without advisory data; yield a remark when that fails."""
    data = None if isinstance(tools.advisories, Unknown) else tools.advisories
    try:
        tools.inventories.saw(image, found, advisories=data, now=_now(tools.clock))
    except InventoryError as error:
        yield _not_kept(error)


def remember_uses(tree: Tree, tools: Tools) -> Iterator[Unknown]:
    """Keep by which workloads of the tree its images are run; yield a remark when that fails."""
    if not tree.workloads:
        return
    context = Context(tree)
    for image in tree.images:
        uses = {
            Use(workload=workload.ref, owner=_owner(workload.object)) for workload, _ in context.containers_of(image)
        }
        try:
            tools.inventories.used(image, sorted(uses), place=tree.root, now=_now(tools.clock))
        except InventoryError as error:
            yield _not_kept(error)
            return


def _owner(found: KubernetesObject) -> str:
    """Return the owner that annotations or labels name; the order of owners in full needs a finding."""
    words = (texts.get(key, "").strip() for texts in (found.annotations, found.labels) for key in KEYS)
    return next((normalised(word) for word in words if word), "")


def _not_kept(error: InventoryError) -> Unknown:
    reason = f"what was seen is not kept: {error}"
    return Unknown(subject="inventories", reason=reason, advice=error.advice, incomplete=False)


def _now(clock: Clock) -> str:
    return clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
