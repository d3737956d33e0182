"""Ends a child with its parent, however that ends: a signal leaves no time to end the children one by one."""

import ctypes
import os
import signal
from collections.abc import Callable
from typing import Final

_PARENT_DEATH_SIGNAL: Final = 1


def tie(parent: int) -> Callable[[], None]:
    """Return what a child of the process `parent` calls (prctl(2): PR_SET_PDEATHSIG).

    It is made before the fork, because to find the system's library takes longer than the fork itself.
    """
    try:
        prctl = ctypes.CDLL(None).prctl
    except (AttributeError, OSError):  # not Linux: a child ends with its bounds at the latest
        return lambda: None

    def tied() -> None:
        prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before it could be asked for
            os._exit(1)

    return tied
