"""What the reading of layers may use beyond the image itself; adapters implement it, everything works without."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import msgspec


class LayerCache(Protocol):
    """Keeps bytes under a key; what it returns has been checked to be what was stored."""

    def get(self, key: str) -> bytes | None:
        """Return the bytes, None when they are not there or damaged. Never raises."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Keep the bytes if possible. Never raises."""
        ...


class Job(msgspec.Struct, frozen=True):
    """One layer to read in a process of its own."""

    index: int
    """Of the layer."""
    cost: int
    """About how many bytes there are to look at; the largest job is started first."""
    work: Callable[[], bytes]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job gave no result: a clause without final stop, and what to do."""

    reason: str
    advice: str = ""


class LayerWorkers(Protocol):
    """Runs jobs in processes of their own, with bounds on memory and time."""

    def is_ready(self) -> bool:
        """Return whether processes can be started now."""
        ...

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[int, bytes | Failure | None]]:
        """Yield index and result of every job, in the order in which they end; None for one that was not started."""
        ...


class LayerServices(msgspec.Struct, frozen=True, kw_only=True):
    """The services of one run."""

    cache: LayerCache | None = None
    workers: LayerWorkers | None = None
