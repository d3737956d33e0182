"""Wall time, processor time and peak memory of a command with all its child processes."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

RUNS = 3
_EVERY = 0.02


@dataclass(frozen=True)
class Cost:
    """What one command used."""

    wall: float
    cpu: float
    """Of the process and all processes that it waited for."""
    memory: float
    """MB: the largest sum of proportional set sizes of all its processes, or the peak of the first one if larger."""
    output: bytes = b""


def measure(
    *command: str,
    environment: Mapping[str, str] | None = None,
    codes: frozenset[int] = frozenset({0}),
    runs: int = RUNS,
) -> Cost:
    """Return the run with the least wall time, files in the page cache; an exit code not in `codes` ends the bench."""
    return min((_once(command, environment or {}, codes) for _ in range(runs)), key=lambda cost: cost.wall)


def _once(command: tuple[str, ...], environment: Mapping[str, str], codes: frozenset[int]) -> Cost:
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ) | dict(environment)
    )
    sampler = _Sampler(process.pid)
    said: list[bytes] = []
    reader = threading.Thread(target=lambda: said.append(process.stderr.read() if process.stderr else b""))
    reader.start()
    output = process.stdout.read() if process.stdout else b""
    reader.join()
    sampler.stop()
    _, state, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(state)
    if process.returncode not in codes:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {said[0].decode()[-500:]}")
    memory = max(sampler.peak / 1e3, used.ru_maxrss / 1024)
    return Cost(wall, used.ru_utime + used.ru_stime, memory, output)


class _Sampler(threading.Thread):
    """Adds up what all processes of a tree hold, again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._pid = pid
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(_EVERY):
            self.peak = max(self.peak, sum(map(_held, _tree(self._pid))))

    def stop(self) -> None:
        """End before the process is waited for, whose number another one may then get."""
        self._over.set()
        self.join()


def _tree(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _held(pid: int) -> float:
    """Return the proportional set size in kB: pages that several processes share are counted once in all."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1])
    return 0.0
