"""What a gate works with."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import tidewaiter
from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.inventories import read_inventory
from tidewaiter.adapters.store import open_advisories
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.registry import Registry
from tidewaiter.core.vuln import AdvisorySource
from tidewaiter.gates.build.tools import Statements, Tools
from tidewaiter.ports.advisories import AdvisoryError
from tidewaiter.ports.inventories import NoInventories
from tidewaiter.scan import analyzers
from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.wiring.bases import base_register
from tidewaiter.wiring.images import ImageOpener, ImageOptions
from tidewaiter.wiring.inventories import inventory_store
from tidewaiter.wiring.layers import layer_services
from tidewaiter.wiring.plugins import plugin_analyzers
from tidewaiter.wiring.settings import Progress, Settings


@contextmanager
def open_tools(
    settings: Settings,
    database: str,
    progress: Progress,
    *,
    images: ImageOptions,
    vex: Sequence[str] = (),
) -> Iterator[Tools]:
    """Open what a gate works with, and close it again; raises `AdvisoryError` for a database that was named."""
    with ExitStack() as stack:
        layers = stack.enter_context(layer_services(settings.layers))
        yield Tools(
            open_image=ImageOpener(settings.environ, images, cache=layers.cache, progress=progress),
            read_inventory=read_inventory,
            analyzers=analyzer_registry(),
            advisories=_advisories(stack, settings, database),
            statements=_statements(vex, progress),
            clock=SystemClock(settings.epoch),
            bases=base_register(settings),
            inventories=inventory_store(settings) if settings.store else NoInventories(),
            layers=layers,
            version=tidewaiter.__version__,
            progress=progress,
        )


def _statements(paths: Sequence[str], progress: Progress) -> Statements | None:
    if not paths:
        return None
    from tidewaiter.wiring.vex import load_statements  # noqa: PLC0415 - readers of YAML and archives; few runs need them

    return load_statements(paths, progress=progress)


def _advisories(stack: ExitStack, settings: Settings, database: str) -> AdvisorySource | Unknown:
    """Open the data; a missing default file is an open question, a missing file that was named is an error."""
    try:
        return stack.enter_context(open_advisories(Path(database) if database else settings.database))
    except AdvisoryError as error:
        if database:
            raise
        return Unknown(subject="advisory data", reason=str(error), advice=error.advice)


def analyzer_registry() -> Registry[Analyzer]:
    """Return the built-in analyzers and those of installed plug-ins (entry points `tidewaiter.analyzers`)."""
    return Registry("analyzers", [*analyzers.BUILTIN, *plugin_analyzers()])
