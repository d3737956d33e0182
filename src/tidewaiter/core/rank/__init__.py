"""Order and words of an answer: which change comes first, and the sentence that says so."""

from tidewaiter.core.rank.group import Group, change_key
from tidewaiter.core.rank.order import rank, urgency

__all__ = ["Group", "change_key", "rank", "urgency"]
