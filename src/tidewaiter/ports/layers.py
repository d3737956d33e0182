"""What a gate is handed for reading layers: the cache of their facts, and processes to read them in."""

from tidewaiter.scan.image import Failure, Job, LayerCache, LayerServices, LayerWorkers

__all__ = ["Failure", "Job", "LayerCache", "LayerServices", "LayerWorkers"]
