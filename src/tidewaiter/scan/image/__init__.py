"""Container images as facts: layers in one streaming pass, merged, every package with the layer that brought it."""

from tidewaiter.scan.image.engine import read_image
from tidewaiter.scan.image.limits import Limits
from tidewaiter.scan.image.services import Failure, Job, LayerCache, LayerServices, LayerWorkers
from tidewaiter.scan.image.store import ByteStream, Entries, Entry, ImageStore, StoredLayer

__all__ = [
    "ByteStream",
    "Entries",
    "Entry",
    "Failure",
    "ImageStore",
    "Job",
    "LayerCache",
    "LayerServices",
    "LayerWorkers",
    "Limits",
    "StoredLayer",
    "read_image",
]
