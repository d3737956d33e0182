"""What the environment sets."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from tidewaiter.wiring.home import home
from tidewaiter.wiring.layers import LayerSettings, layer_settings
from tidewaiter.wiring.numbers import number_of

Progress = Callable[[str], None]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says; read once."""

    database: Path
    environ: Mapping[str, str] = {}
    """The environment itself: places of engines and credentials, proxies."""
    epoch: int | None = None
    """Seconds since 1970 that stand for the time of the run (reproducible-builds.org: SOURCE_DATE_EPOCH)."""
    state: Path = Path()
    """Folder of what Tidewaiter learns and keeps: base images, inventories."""
    store: bool = False
    """Whether images that are seen are kept for `watch` (not with `TIDEWAITER_NO_STORE=1`)."""
    layers: LayerSettings = LayerSettings()
    permit_never: bool = False
    """An administrator allows exceptions without an end (`TIDEWAITER_PERMIT_NEVER=1`)."""


def default_database(environ: Mapping[str, str]) -> Path:
    """Return the place of the advisory data: `TIDEWAITER_DB`, else the user's cache folder (XDG base directories)."""
    if environ.get("TIDEWAITER_DB"):
        return Path(environ["TIDEWAITER_DB"])
    cache = environ.get("XDG_CACHE_HOME") or home(environ) / ".cache"
    return Path(cache) / "tidewaiter" / "advisories.sqlite"


def default_state(environ: Mapping[str, str]) -> Path:
    """Return the folder of kept data: `TIDEWAITER_STATE`, else the user's data folder (XDG base directories)."""
    if environ.get("TIDEWAITER_STATE"):
        return Path(environ["TIDEWAITER_STATE"])
    data = environ.get("XDG_DATA_HOME") or home(environ) / ".local" / "share"
    return Path(data) / "tidewaiter"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings of this process."""
    environ = {**environ, "HOME": str(home(environ))}
    return Settings(
        database=default_database(environ),
        environ=environ,
        state=default_state(environ),
        epoch=number_of(environ, "SOURCE_DATE_EPOCH"),
        store=environ.get("TIDEWAITER_NO_STORE", "").lower() not in {"1", "true", "yes"},
        layers=layer_settings(environ),
        permit_never=environ.get("TIDEWAITER_PERMIT_NEVER", "").lower() in {"1", "true", "yes"},
    )
