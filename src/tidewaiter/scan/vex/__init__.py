"""Statements about vulnerabilities out of documents: VEX in three forms, and ignore files of other scanners."""

from collections.abc import Iterator
from typing import Final

from tidewaiter.scan.vex import csaf, cyclonedx_vex, grype, openvex, trivyignore
from tidewaiter.scan.vex.document import VexDocument, VexError, VexForm, VexText

__all__ = ["BUILTIN", "VexDocument", "VexError", "read_vex", "read_vex_lines"]

BUILTIN: Final[tuple[VexForm, ...]] = (
    openvex.FORMAT,
    csaf.FORMAT,
    cyclonedx_vex.FORMAT,
    trivyignore.FORMAT,
    grype.FORMAT,
)
"""All forms, in the order in which they are tried."""


def read_vex_lines(data: bytes, *, name: str) -> Iterator[VexDocument | VexError]:
    """Yield the documents of a file: one, or one per line of JSON lines; a damaged one costs no other.

    A file in no known form gives nothing.
    """
    is_lines = _is_lines(data)
    for number, line in enumerate(_lines(data) if is_lines else (data,), 1):
        if line.strip():
            source = f"{name} line {number}" if is_lines else name
            try:
                found = read_vex(line, name=source)
            except VexError as error:
                yield error
            else:
                if found is not None:
                    yield found


def _lines(data: bytes) -> Iterator[bytes]:
    """Yield the lines one by one; a list of them would hold everything twice."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield data[start:end]
        start = end + 1


def _is_lines(data: bytes) -> bool:
    first, newline, rest = data.partition(b"\n")
    return bool(newline) and first.rstrip().endswith(b"}") and first.startswith(b"{") and rest.lstrip()[:1] == b"{"


def read_vex(data: bytes, *, name: str) -> VexDocument | None:
    """Return the statements of a document, None when it is in no known form; raises VexError when it is damaged.

    `name` is the file's path: it stands as source in every statement, and tells the ignore files of other scanners.
    """
    text = VexText(data, name)
    for form in BUILTIN:
        found = form.read(text)
        if found is not None:
            return found
    return None
