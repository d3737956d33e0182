"""Patterns of ours that are compiled when a text first needs them."""

import re


class LazyPattern:
    """A pattern of bytes; most of a large family meet no text in a run, and compiling all of them takes 13 ms."""

    __slots__ = ("_compiled", "flags", "source")

    def __init__(self, source: bytes, flags: int = 0) -> None:
        """Take what `re.compile` takes; it is one of our own constants, never a user's."""
        self.source = source
        self.flags = flags
        self._compiled: re.Pattern[bytes] | None = None

    @property
    def compiled(self) -> re.Pattern[bytes]:
        """Return the pattern; raises re.error when it is none, which a test of each family excludes."""
        if self._compiled is None:
            self._compiled = re.compile(self.source, self.flags)
        return self._compiled
