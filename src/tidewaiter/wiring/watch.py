"""The inventories, asked and filled by `tidewaiter watch`."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import structs

import tidewaiter
from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.store import open_advisories
from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.core.configuration import Configuration, ConfigurationError, RegistryOptions
from tidewaiter.core.context import Reference
from tidewaiter.core.model.location import Location
from tidewaiter.core.report import Report
from tidewaiter.core.strict import DocumentError
from tidewaiter.operations import watch, watch_registries
from tidewaiter.operations.watch_registries import TagReport
from tidewaiter.operations.watch_report import WatchReport
from tidewaiter.ports.inventories import KnownImage
from tidewaiter.ports.registry import RegistryError
from tidewaiter.wiring.configuration import read_configuration
from tidewaiter.wiring.images import registry_options
from tidewaiter.wiring.inventories import inventory_store
from tidewaiter.wiring.scan import run_scan
from tidewaiter.wiring.settings import Progress, Settings

if TYPE_CHECKING:
    from tidewaiter.adapters.registry import RegistryClient

T = TypeVar("T")


def run_watch(
    settings: Settings, *, database: str, fail_on: str, deliver: Callable[[WatchReport], None]
) -> WatchReport:
    """Match again what the present advisories touch; AdvisoryError, InventoryError."""
    with open_advisories(Path(database) if database else settings.database) as advisories:
        return watch.run(
            inventory_store(settings),
            advisories,
            now=SystemClock(settings.epoch).now(),
            version=tidewaiter.__version__,
            fail_on=fail_on,
            deliver=deliver,
        )


def known_images(settings: Settings) -> tuple[KnownImage, ...]:
    """Return every image that was seen; InventoryError."""
    return inventory_store(settings).all()


def forget_images(names: Sequence[str], settings: Settings) -> int:
    """Forget images and return how many there were; InventoryError."""
    return inventory_store(settings).forget(names)


def prune_images(age: float, settings: Settings) -> int:
    """Forget images that were not seen for so many seconds; InventoryError."""
    before = SystemClock(settings.epoch).now() - timedelta(seconds=age)
    return inventory_store(settings).prune(before.strftime("%Y-%m-%dT%H:%M:%SZ"))


def add_image(reference: str, *, settings: Settings, database: str, platform: str, progress: Progress) -> Report:
    """Scan an image and keep it; ImageError."""
    kept = structs.replace(settings, store=True)
    return run_scan(reference, settings=kept, database=database, progress=progress, platform=platform)


def watched(config: str, settings: Settings) -> tuple[tuple[str, ...], RegistryOptions]:
    """Return the references that a configuration lists, and its settings of registries; ConfigurationError.

    `config` is a file, or a folder with a `.tidewaiter.yaml`; one that was named has to be there.
    """
    path = Path(config or ".")
    if config and not path.exists():
        raise ConfigurationError([DocumentError("no such file", location=Location(file=config))])
    configuration: Configuration = read_configuration(DiskWorkspace(), path if path.is_dir() else path.parent, settings)
    base = path if path.is_dir() else path.parent
    return configuration.watch.images, registry_options(configuration.registries, base, settings.environ)


def poll_registries(
    references: Sequence[str],
    options: RegistryOptions,
    *,
    settings: Settings,
    database: str,
    platform: str,
    scan: bool,
    progress: Progress,
    now: datetime | None = None,
) -> TagReport:
    """Look at every tag once and scan what is new; InventoryError."""

    def scanned(reference: str) -> None:
        run_scan(
            reference,
            settings=structs.replace(settings, store=True),
            database=database,
            progress=progress,
            platform=platform,
            registries=options,
        )

    return watch_registries.poll(
        references,
        source=_Tags(options, settings),
        register=inventory_store(settings),
        scan=scanned if scan else None,
        now=now or SystemClock(settings.epoch).now(),
        progress=progress,
    )


def repeat(work: Callable[[], int], every: float) -> int:
    """Do something on a schedule until interrupted."""
    return watch_registries.repeat(work, every=every, sleep=time.sleep, random=random.random)


class _Tags:
    """Implements `TagSource`; mirrors are asked first, as for images."""

    def __init__(self, options: RegistryOptions, settings: Settings) -> None:
        from tidewaiter.adapters.registry import Registries  # noqa: PLC0415 - heavy, and only this command asks

        self._registries = Registries(settings.environ, options=options)

    def digest(self, reference: Reference) -> str:
        """Return the digest that a reference stands for now; RegistryError."""
        from tidewaiter.adapters.registry import current_digest  # noqa: PLC0415

        if reference.digest:
            return reference.digest
        return self._first(reference, lambda client: current_digest(client, reference.effective_tag))

    def tags(self, reference: Reference) -> Sequence[str]:
        """Return the tags of a repository; RegistryError."""
        from tidewaiter.adapters.registry import list_tags  # noqa: PLC0415

        return self._first(reference, list_tags)

    def _first(self, reference: Reference, ask: "Callable[[RegistryClient], T]") -> "T":
        """Return the first answer; the error of the registry itself, which is asked last, when there is none."""
        failure: RegistryError | None = None
        with self._registries.clients(reference) as clients:
            for client in clients:
                try:
                    return ask(client)
                except RegistryError as error:
                    failure = error
        raise failure or RegistryError(f"no registry is known for {reference}")
