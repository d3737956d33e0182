"""Tells the format of an executable by its first bytes."""

from typing import Final

from tidewaiter.scan.executables import elf, macho, pe
from tidewaiter.scan.executables.layout import Executable

MAGICS: Final = (elf.MAGIC, pe.MAGIC, *macho.MAGICS)
"""First bytes of all formats that are read."""


def read_executable(data: memoryview) -> Executable | None:
    """Return the parts of an executable; None for anything else, ExecutableError for a damaged one."""
    start = bytes(data[:4])
    if start == elf.MAGIC:
        return elf.read_elf(data)
    return pe.read_pe(data) if start[:2] == pe.MAGIC else macho.read_macho(data)
