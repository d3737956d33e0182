"""The index of base images."""

from pathlib import Path

from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.store.bases import SqliteBases
from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.core.registry_options import RegistryOptions
from tidewaiter.operations.bases import learn, read_list
from tidewaiter.ports.bases import BaseIndexError, KnownBase
from tidewaiter.wiring.images import ImageOpener, ImageOptions, registry_options
from tidewaiter.wiring.settings import Progress, Settings


def base_register(settings: Settings) -> SqliteBases:
    """Return the index that lies in the state folder."""
    return SqliteBases(settings.state / "bases.sqlite")


def add_base(reference: str, *, name: str, settings: Settings, progress: Progress) -> KnownBase:
    """Learn one image; raises ImageError and BaseIndexError."""
    progress(f"reading {reference}")
    options = ImageOptions(registries=registry_options(RegistryOptions(), Path(), settings.environ))
    return learn(
        reference,
        name=name,
        open_image=ImageOpener(settings.environ, options, progress=progress),
        register=base_register(settings),
        now=SystemClock(settings.epoch).now(),
    )


def import_bases(path: Path, *, settings: Settings) -> tuple[int, int]:
    """Import a list and return how many bases it names and how many are new; raises BaseIndexError."""
    data = DiskWorkspace().read(str(path))
    if data is None:
        raise BaseIndexError(f"{path} does not exist", "check the path")
    bases = read_list(data, str(path))
    return len(bases), base_register(settings).add(bases)
