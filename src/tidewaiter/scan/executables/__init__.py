"""Executable files in memory: where their sections and segments lie, for ELF, PE and Mach-O."""

from tidewaiter.scan.executables.elf import MAGIC as ELF_MAGIC
from tidewaiter.scan.executables.elf import lacks_section, read_segments
from tidewaiter.scan.executables.formats import MAGICS, read_executable
from tidewaiter.scan.executables.layout import Executable, ExecutableError, Section, Segment

__all__ = [
    "ELF_MAGIC",
    "MAGICS",
    "Executable",
    "ExecutableError",
    "Section",
    "Segment",
    "lacks_section",
    "read_executable",
    "read_segments",
]
