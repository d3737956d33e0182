"""The inventories of seen images."""

import tidewaiter
from tidewaiter.adapters.store.inventories import SqliteInventories
from tidewaiter.wiring.settings import Settings


def inventory_store(settings: Settings) -> SqliteInventories:
    """Return the inventories that lie in the state folder; another version of Tidewaiter matches by other rules."""
    return SqliteInventories(settings.state / "inventories.sqlite", rules=tidewaiter.__version__)
