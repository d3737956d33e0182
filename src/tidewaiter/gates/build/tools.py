"""An image that is asked for, and what the gate is handed to read and match it."""

from collections.abc import Callable

import msgspec

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.registry import Registry
from tidewaiter.core.vuln import AdvisorySource
from tidewaiter.core.vuln.vex import VexIndex
from tidewaiter.ports.bases import BaseIndex, NoBases
from tidewaiter.ports.clock import Clock
from tidewaiter.ports.images import OpenImage, ReadInventory
from tidewaiter.ports.inventories import Inventories, NoInventories
from tidewaiter.ports.layers import LayerServices
from tidewaiter.scan.analyzer import Analyzer

Progress = Callable[[str], None]
"""Is told what is being done, in a few words."""


class ImageInput(msgspec.Struct, frozen=True, kw_only=True):
    """One image that is judged together with the tree."""

    reference: str
    """Path of an archive or layout, or `fs:FOLDER`."""
    name: str = ""
    """Name used in manifests; empty takes the archive's own tags."""
    dockerfile: str = ""
    target: str = ""
    required: bool = True
    """False for an archive named in the configuration only: a missing one is an Unknown, not a usage error."""


class Statements(msgspec.Struct, frozen=True, kw_only=True):
    """The statements of one run."""

    index: VexIndex
    sources: tuple[tuple[str, int], ...]
    """Every document and how many statements it holds."""
    unknowns: tuple[Unknown, ...] = ()
    """Documents and parts of them that could not be read."""


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate works with; wiring hands it in."""

    open_image: OpenImage
    read_inventory: ReadInventory
    analyzers: Registry[Analyzer]
    advisories: AdvisorySource | Unknown
    """The data, or why there is none."""
    statements: Statements | None = None
    """VEX and ignore files, when any were given."""
    clock: Clock
    bases: BaseIndex = NoBases()
    inventories: Inventories = NoInventories()
    layers: LayerServices = LayerServices()
    version: str
    progress: Progress = lambda _: None
