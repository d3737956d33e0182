"""What commands write: reports to standard output, everything else to standard error."""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from typing import Final, TextIO

from tidewaiter.adapters.workspace import DiskWorkspace

_WIDTH: Final = 100
"""Columns when the output is no terminal."""
_CLEAR: Final = "\r\x1b[K"


class OutputError(Exception):
    """Standard output cannot be written; `advice` says what to do."""

    advice = "free some space, or write elsewhere with `--output FILE`"


def emit(text: str, *, output: str = "") -> None:
    """Write a report to a file, or to standard output; a reader that went away is no error."""
    if output:
        DiskWorkspace().write(output, text.encode("utf-8", "backslashreplace"))
        return
    write(sys.stdout, text)


def write(stream: TextIO, text: str) -> None:
    """Write text whatever the stream's encoding is; characters that it lacks are escaped.

    A reader that went away is no error; any other failure of standard output raises `OutputError`.
    """
    encoding = stream.encoding or "utf-8"
    safe = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        stream.write(safe)
        stream.flush()
    except OSError as error:
        # Python would complain again at exit, when it flushes the stream.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError) and stream is sys.stdout:
            words = (error.strerror or str(error)).lower()
            raise OutputError(f"standard output cannot be written: {words}") from error


def complain(message: str, *, hint: str = "") -> None:
    """Tell an error and what to do about it."""
    lines = [f"error: {_one_line(message)}"]
    if hint:
        lines.append(f"hint: {_one_line(hint)}")
    write(sys.stderr, "\n".join(lines) + "\n")


def remark(message: str) -> None:
    """Tell something on standard error that is no error."""
    write(sys.stderr, _one_line(message) + "\n")


def _one_line(text: str) -> str:
    """Return text without control characters; the lines of a list of mistakes stay lines."""
    return "\n       ".join(
        "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line) for line in text.splitlines()
    )


def printable(text: str) -> str:
    """Return lines of text without control characters, for a terminal; tabs stay."""
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)


def is_coloured(stream: TextIO, *, output: str = "") -> bool:
    """Tell whether to colour: only on a terminal that can, and never when `NO_COLOR` is set (no-color.org)."""
    return not output and stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """Return the width to wrap at."""
    return shutil.get_terminal_size((_WIDTH, 24)).columns


class Progress:
    """Tells on a terminal's standard error what is being done; silent anywhere else."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream` when it is a terminal."""
        self._stream = stream
        self._active = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = False

    def __call__(self, text: str) -> None:
        """Replace the present line."""
        if self._active:
            room = max(columns() - 1, 10)
            write(self._stream, _CLEAR + _one_line(text)[:room])
            self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            write(self._stream, _CLEAR)
            self._shown = False


@contextlib.contextmanager
def progress() -> Iterator[Progress]:
    """Show progress while the block works and leave nothing behind."""
    shown = Progress(sys.stderr)
    try:
        yield shown
    finally:
        shown.clear()
