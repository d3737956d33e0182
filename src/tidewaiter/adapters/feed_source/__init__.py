"""Downloads advisory documents from configured addresses into a folder that later runs continue."""

from tidewaiter.adapters.feed_source.http import HttpSource, SourceLimits
from tidewaiter.adapters.feed_source.list import read_feed_list, shipped_feed_list

__all__ = ["HttpSource", "SourceLimits", "read_feed_list", "shipped_feed_list"]
