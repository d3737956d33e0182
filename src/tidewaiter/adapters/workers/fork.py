"""Jobs in forked processes: they start in a millisecond, share the compiled plan, and send back bytes only.

Forking a process that runs threads is unsafe (a lock may be held for ever in the child), so nothing is forked then,
and the caller does the work itself.
"""

import os
import selectors
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tidewaiter.adapters.workers.bounds import Bounds
from tidewaiter.adapters.workers.child import END, REFUSAL, RESULT, run_job
from tidewaiter.scan.image import Failure, Job

_READ: Final = 1 << 20
_ADVICE: Final = "scan on a larger machine, or set TIDEWAITER_WORKERS=0 to read without these bounds"
_PATIENCE: Final = 2000
"""Milliseconds between the end of a worker's pipe and its own end."""
_LINGERING: Final = 50
_TASKS: Final = Path("/proc/self/task")


@dataclass
class _Worker:
    job: Job
    pid: int
    pipe: int
    until: float
    data: bytearray = field(default_factory=bytearray)
    failure: str = ""
    """Why the parent ended it."""


class ForkWorkers:
    """Implements `LayerWorkers`; `count` processes at most work at one time."""

    def __init__(self, count: int | None = None, bounds: Bounds | None = None) -> None:
        """Use one process per usable processor unless told otherwise; 0 means none, so that nothing is forked."""
        self._count = _processors() if count is None else count
        self._bounds = bounds or Bounds()

    def is_ready(self) -> bool:
        """Return whether forking is possible and safe here: the platform can, and this process has one thread."""
        if self._count < 1 or not hasattr(os, "fork") or threading.active_count() > 1:
            return False
        try:
            # A thread that was joined may not have left the system's list yet.
            for _ in range(_LINGERING):
                if sum(1 for _ in _TASKS.iterdir()) == 1:
                    return True
                time.sleep(0.001)
        except OSError:  # not Linux: threads that Python does not know of cannot be seen
            pass
        return False

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[int, bytes | Failure | None]]:
        """Yield the result of every job in the order in which they end; jobs start in the order given."""
        from tidewaiter.adapters.workers.tie import tie  # noqa: PLC0415 - ctypes takes 10 ms, and most images no fork

        tied = tie(os.getpid())
        waiting = deque(jobs)
        with selectors.DefaultSelector() as selector:
            try:
                while waiting or selector.get_map():
                    while waiting and len(selector.get_map()) < self._count:
                        job = waiting.popleft()
                        worker = self._start(job, selector, tied)
                        if worker is None:
                            yield job.index, None
                        else:
                            selector.register(worker.pipe, selectors.EVENT_READ, worker)
                    for worker in self._advance(selector):
                        yield worker.job.index, self._result(worker)
            finally:
                for key in list(selector.get_map().values()):
                    key.data.failure = "the scan was given up"
                    _end(key.data)

    def _start(self, job: Job, selector: selectors.BaseSelector, tied: Callable[[], None]) -> _Worker | None:
        """Fork; None when the system refuses another process."""
        others = [key.data.pipe for key in selector.get_map().values()]
        try:
            ours, theirs = os.pipe()
        except OSError:
            return None
        try:
            pid = os.fork()
        except OSError:
            os.close(ours)
            os.close(theirs)
            return None
        if pid == 0:
            for pipe in (ours, *others):
                os.close(pipe)
            run_job(job.work, theirs, self._bounds, tied)
        os.close(theirs)
        os.set_blocking(ours, False)
        return _Worker(job, pid, ours, time.monotonic() + self._bounds.wall_seconds)

    def _advance(self, selector: selectors.BaseSelector) -> Iterator[_Worker]:
        """Wait for the next bytes, and yield the workers that have closed their pipe or ran out of time."""
        workers: list[_Worker] = [key.data for key in selector.get_map().values()]
        left = min((worker.until for worker in workers), default=0) - time.monotonic()
        ready = {key.data.pid for key, _ in selector.select(max(left, 0))}
        now = time.monotonic()
        for worker in workers:
            ended = worker.pid in ready and not self._receive(worker)
            if not ended and now >= worker.until:
                worker.failure = f"it took longer than {self._bounds.wall_seconds:g} s"
            if ended or worker.failure:
                selector.unregister(worker.pipe)
                yield worker

    def _receive(self, worker: _Worker) -> bool:
        """Take what the pipe holds; False at its end."""
        with suppress(BlockingIOError):
            data = os.read(worker.pipe, _READ)
            worker.data += data
            if len(worker.data) > self._bounds.memory:
                worker.failure = f"its result is larger than {self._bounds.memory} bytes"
            return bool(data)
        return True

    def _result(self, worker: _Worker) -> bytes | Failure:
        code = _end(worker)
        told = bytes(worker.data[:1])
        if not worker.failure and code in {0, None} and told == RESULT and worker.data.endswith(END):
            return bytes(memoryview(worker.data)[1:-1])
        if worker.failure:
            why = worker.failure
        elif told == REFUSAL:
            why = worker.data[1:1000].decode("utf-8", "replace")
        elif code == -signal.SIGXCPU:
            why = f"it took more than {self._bounds.cpu_seconds} s of processor time"
        elif code is not None and code < 0:
            why = f"the process that read it was ended by signal {-code}"
        else:
            why = "the process that read it ended early"
        return Failure(reason=f"the layer could not be read: {why}", advice=_ADVICE)


def _end(worker: _Worker) -> int | None:
    """Close the pipe, see the process off, and return its exit code; one that does not go by itself is killed.

    The code is None where the system does not keep it: this process was started with SIGCHLD ignored.
    """
    os.close(worker.pipe)
    try:
        for _ in range(0 if worker.failure else _PATIENCE):
            done, status = os.waitpid(worker.pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.001)
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        _, status = os.waitpid(worker.pid, 0)
    except ChildProcessError:
        return None
    return os.waitstatus_to_exitcode(status)


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every platform
        return os.cpu_count() or 1
