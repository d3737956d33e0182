"""Source trees on disk."""

from tidewaiter.adapters.files.tree import DirectoryTree, TreeLimits, read_tree

__all__ = ["DirectoryTree", "TreeLimits", "read_tree"]
