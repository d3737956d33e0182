"""What a worker process does: it bounds itself, does one job, writes the result to a pipe and ends."""

import gc
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

from tidewaiter.adapters.workers.bounds import Bounds

RESULT: Final = b"="
REFUSAL: Final = b"!"
END: Final = b"."
"""Behind a result that was written to its last byte."""
_YOUNG: Final = 200_000
"""Objects between two collections: facts are trees without cycles, of which a job makes hundreds of thousands."""
_PAGE: Final = resource.getpagesize()


def run_job(work: Callable[[], bytes], pipe: int, bounds: Bounds, tied: Callable[[], None]) -> NoReturn:
    """Do the work in this process, which was forked for it, and end without any clean-up of the parent's things."""
    code = 1
    try:
        tied()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        gc.freeze()  # what the parent made stays shared: the collector would write into every page of it
        gc.set_threshold(_YOUNG)
        bound(bounds)
        write(pipe, RESULT, work(), END)
        code = 0
    except MemoryError:
        gc.collect()
        write(pipe, REFUSAL, f"it would use more than {bounds.memory >> 20} MiB of memory".encode())
    except BaseException as error:  # noqa: BLE001 - nothing may leave a forked process but its result
        write(pipe, REFUSAL, f"{type(error).__name__}: {error}".encode("utf-8", "backslashreplace"))
    finally:
        os._exit(code)


def bound(bounds: Bounds) -> None:
    """Bound this process: address space, processor time, no writing to files, no core dump."""
    own = 0
    statm = Path("/proc/self/statm")
    if statm.exists():
        own = int(statm.read_text(encoding="ascii").split()[0]) * _PAGE
    _limit(resource.RLIMIT_AS, own + bounds.memory)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + bounds.cpu_seconds)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)


def write(pipe: int, *parts: bytes) -> None:
    """Write all bytes; raises OSError when nobody reads them any more."""
    for part in parts:
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(pipe, rest) :]


def _limit(which: int, value: int) -> None:
    """Lower the bound; one that is lower already stays."""
    soft, hard = resource.getrlimit(which)
    known = [one for one in (soft, hard, value) if one != resource.RLIM_INFINITY]
    resource.setrlimit(which, (min(known), hard))
