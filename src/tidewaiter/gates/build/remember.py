"""Keeps what was seen, so that later advisories can be told to whom they matter (`tidewaiter watch`)."""

from collections.abc import Iterator, Sequence

from tidewaiter.core.model.image import Image
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.gates.build.tools import Tools
from tidewaiter.ports.clock import Clock
from tidewaiter.ports.inventories import InventoryError


def remember(image: Image, found: Sequence[Vulnerability] | None, tools: Tools) -> Iterator[Unknown]:
    """Keep an image with what matching told of it, None without advisory data; yield a remark when that fails."""
    data = None if isinstance(tools.advisories, Unknown) else tools.advisories
    try:
        tools.inventories.saw(image, found, advisories=data, now=moment(tools.clock))
    except InventoryError as error:
        yield not_kept(error)


def not_kept(error: InventoryError) -> Unknown:
    """Return the remark of a failure to keep what was seen."""
    reason = f"what was seen is not kept: {error}"
    return Unknown(subject="inventories", reason=reason, advice=error.advice, incomplete=False)


def moment(clock: Clock) -> str:
    """Return the time of the run as inventories write it."""
    return clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
