"""Joins facts of one tree: which Service reaches which workload, which image a container runs, what is closed."""

from tidewaiter.core.context.context import Context
from tidewaiter.core.context.network import Backend, Host
from tidewaiter.core.context.reference import Reference, parse_reference
from tidewaiter.core.context.selectors import LabelSelector, parse_selector
from tidewaiter.core.context.tree import Binding, Tree

__all__ = [
    "Backend",
    "Binding",
    "Context",
    "Host",
    "LabelSelector",
    "Reference",
    "Tree",
    "parse_reference",
    "parse_selector",
]
