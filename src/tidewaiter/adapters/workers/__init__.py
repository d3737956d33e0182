"""Work in processes of its own, with bounds."""

from tidewaiter.adapters.workers.bounds import Bounds
from tidewaiter.adapters.workers.fork import ForkWorkers

__all__ = ["Bounds", "ForkWorkers"]
