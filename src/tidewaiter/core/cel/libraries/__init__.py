"""The function libraries of CEL, one file each. To add one: write its file and name it here."""

from tidewaiter.core.cel.declarations import Library
from tidewaiter.core.cel.libraries import (
    bindings,
    comprehensions,
    encoders,
    lists,
    math,
    optional,
    regex,
    sets,
    standard,
    strings,
    strings_format,
    timestamps,
)

DEFAULT: tuple[Library, ...] = (
    standard.LIBRARY,
    timestamps.LIBRARY,
    strings.LIBRARY,
    strings_format.LIBRARY,
    math.LIBRARY,
    lists.LIBRARY,
    sets.LIBRARY,
    optional.LIBRARY,
    regex.LIBRARY,
    encoders.LIBRARY,
    bindings.LIBRARY,
    comprehensions.LIBRARY,
)
"""What an environment has unless it says otherwise."""
