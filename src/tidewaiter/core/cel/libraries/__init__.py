"""The function libraries of CEL, one file each. To add one: write its file and name it here."""

from tidewaiter.core.cel.declarations import Library
from tidewaiter.core.cel.libraries import (
    bindings,
    block,
    comprehensions,
    encoders,
    lists,
    math,
    network,
    optional,
    regex,
    sets,
    standard,
    strings,
    strings_format,
    timestamps,
    wellknown,
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
    network.LIBRARY,
)
"""What an environment has unless it says otherwise."""

EVERY: tuple[Library, ...] = (*DEFAULT, wellknown.LIBRARY, block.LIBRARY)
"""Also the wrapper messages of protobuf and the numbered sub-expressions of optimisers."""
