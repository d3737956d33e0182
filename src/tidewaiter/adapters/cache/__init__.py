"""Caches on disk, which may be deleted at any time and are shared by runs that work at the same time."""

from tidewaiter.adapters.cache.layers import DEFAULT_BYTES, DiskLayerCache, layer_folder

__all__ = ["DEFAULT_BYTES", "DiskLayerCache", "layer_folder"]
