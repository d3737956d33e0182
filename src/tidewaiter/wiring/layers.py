"""How layers are read: the cache of their facts, and the processes that read them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec

import tidewaiter
from tidewaiter.adapters.cache import DEFAULT_BYTES, DiskLayerCache, layer_folder
from tidewaiter.adapters.workers import ForkWorkers
from tidewaiter.ports.layers import LayerServices
from tidewaiter.wiring.numbers import number_of


class LayerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says about the reading of layers."""

    folder: Path | None = None
    """The cache; None for no cache (`TIDEWAITER_NO_CACHE=1`)."""
    most: int = DEFAULT_BYTES
    """Bytes of the cache (`TIDEWAITER_CACHE_MB`)."""
    workers: int | None = None
    """Processes at one time (`TIDEWAITER_WORKERS`), 0 for none; None takes one per processor."""


def layer_settings(environ: Mapping[str, str]) -> LayerSettings:
    """Return the settings; raises SettingError for a number that is none."""
    off = environ.get("TIDEWAITER_NO_CACHE", "").lower() in {"1", "true", "yes"}
    megabytes = number_of(environ, "TIDEWAITER_CACHE_MB")
    return LayerSettings(
        folder=None if off else layer_folder(environ),
        most=DEFAULT_BYTES if megabytes is None else megabytes * 1_000_000,
        workers=number_of(environ, "TIDEWAITER_WORKERS"),
    )


@contextmanager
def layer_services(settings: LayerSettings) -> Iterator[LayerServices]:
    """Open the services of one run; at its end the cache is brought below its bound."""
    workers = ForkWorkers(settings.workers)
    if settings.folder is None:
        yield LayerServices(workers=workers)
        return
    with closing(
        DiskLayerCache(settings.folder, version=program_version(Path(tidewaiter.__file__).parent), most=settings.most)
    ) as cache:
        yield LayerServices(cache=cache, workers=workers)


def program_version(package: Path) -> str:
    """Return what tells programs apart that find other things in the same layer.

    That is the version; in a checkout, where the code changes and the version does not, also the newest change of any
    source of the scanner and of the model (a few hundred files, some milliseconds).
    """
    if "site-packages" in package.parts or "dist-packages" in package.parts:
        return tidewaiter.__version__
    folders = [package / "scan", package / "core" / "model"]
    newest = max((_newest(str(folder)) for folder in folders), default=0)
    return f"{tidewaiter.__version__}+{newest}"


def _newest(folder: str) -> int:
    """Return the modification time in nanoseconds of the newest source below a folder, 0 without any."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        return max(
            (
                _newest(entry.path) if entry.is_dir() else entry.stat().st_mtime_ns
                for entry in entries
                if entry.name.endswith(".py") or (entry.name != "__pycache__" and entry.is_dir())
            ),
            default=0,
        )
    return 0
