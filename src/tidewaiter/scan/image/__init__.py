"""Container images as facts: layers in one streaming pass, merged, every package with the layer that brought it."""

from tidewaiter.scan.image.engine import read_image
from tidewaiter.scan.image.limits import Limits
from tidewaiter.scan.image.services import Failure, Job, LayerCache, LayerServices, LayerWorkers
from tidewaiter.scan.image.store import ByteStream, Entries, Entry, FolderStore, ImageStore, LayeredStore, StoredLayer

__all__ = [
    "ByteStream",
    "Entries",
    "Entry",
    "Failure",
    "FolderStore",
    "ImageStore",
    "Job",
    "LayerCache",
    "LayerServices",
    "LayerWorkers",
    "LayeredStore",
    "Limits",
    "StoredLayer",
    "read_image",
]
