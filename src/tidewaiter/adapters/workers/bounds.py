"""How much one worker may use."""

import msgspec


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What one worker may use; more ends it, and its layer is told to be unread."""

    memory: int = 2 << 30
    """Bytes of address space beyond those of the program itself; also the largest result."""
    cpu_seconds: int = 900
    wall_seconds: float = 1800
