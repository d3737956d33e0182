"""What is fuzzed: a valid input that is changed, and what reads it."""

from collections.abc import Callable
from typing import NamedTuple


class Target(NamedTuple):
    """One parser; it must never raise, whatever the bytes."""

    name: str
    seed: bytes
    read: Callable[[bytes], object]
