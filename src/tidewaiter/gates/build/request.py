"""What a check is asked."""

import msgspec

from tidewaiter.core.configuration import Configuration
from tidewaiter.core.exception import Accepted
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.gates.build.tools import ImageInput


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be judged."""

    root: str
    """The tree as people named it."""
    images: tuple[ImageInput, ...] = ()
    configuration: Configuration = Configuration()
    environment: str = ""
    accepted: Accepted | None = None
    accept_current: bool = False
    """True marks every present violation as accepted; the caller writes the file."""
    unknowns: tuple[Unknown, ...] = ()
    """What the caller could not read, such as a folder of policies."""
