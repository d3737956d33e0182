"""Bytes of one file become documents, each with a value or an error and lazily found positions."""

import codecs
from typing import Any

import msgspec

from tidewaiter.core.model.location import Location, Positions
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.yaml_text.builder import build
from tidewaiter.scan.yaml_text.errors import TextError, as_unknown
from tidewaiter.scan.yaml_text.json_text import build_json
from tidewaiter.scan.yaml_text.limits import DEFAULT_LIMITS, Limits
from tidewaiter.scan.yaml_text.positions import BuiltPositions, JsonPositions, Lines, NoPositions
from tidewaiter.scan.yaml_text.split import split_documents


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a file: `value` is what it says, or `error` why that cannot be told."""

    file: str
    index: int
    """Counted from 0 in the file, empty documents included."""
    line: int
    """First line of its text in the file, counted from 1."""
    text: bytes
    """Its own text in UTF-8, separator line included."""
    value: Any = None
    positions: Positions
    error: Unknown | None = None


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def load_documents(data: bytes, file: str, limits: Limits = DEFAULT_LIMITS) -> tuple[Document, ...]:
    """Return the documents of a YAML or JSON file in order; never raises.

    A whole file that cannot be read (too large, undecodable) is one document with an error.
    """
    if len(data) > limits.size:
        reason = f"it has {len(data)} bytes, more than the bound of {limits.size}"
        return (_whole_file(file, reason, "split the file, or list it under `ignore` in .tidewaiter.yaml"),)
    try:
        text = _utf8(data)
    except UnicodeDecodeError as error:
        reason = f"it is not {error.encoding} text as its byte order mark says"
        return (_whole_file(file, reason, "save the file as UTF-8 text"),)
    if text.lstrip()[:1] in {b"{", b"["}:
        documents = _json_documents(text, file, limits)
        if documents is not None:
            return documents
    return _yaml_documents(text, file, limits)


def _utf8(data: bytes) -> bytes:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            if encoding == "utf-8":
                return data[len(mark) :]
            return data.decode(encoding).encode("utf-8", "surrogatepass")
    return data


def _whole_file(file: str, reason: str, advice: str) -> Document:
    error = Unknown(subject=file, reason=f"{file}: {reason}", advice=advice, location=Location(file=file))
    return Document(file=file, index=0, line=1, text=b"", positions=NoPositions(), error=error)


def _json_documents(text: bytes, file: str, limits: Limits) -> tuple[Document, ...] | None:
    """Return None when the text is rather YAML in flow style or a template."""
    try:
        decoded = text.decode()
        parts = build_json(decoded, limits)
    except UnicodeDecodeError:
        return None
    except TextError as error:
        if not file.endswith(".json"):
            return None
        return (_broken(error, text, file=file, index=0, line=1),)
    lines = Lines(decoded) if len(parts) > 1 else None
    documents = []
    for index, (start, end, value) in enumerate(parts):
        line, own = 1, text
        if lines is not None:
            line = lines.at(start).line
            row_start = max(decoded.rfind("\n", 0, start), decoded.rfind("\r", 0, start)) + 1
            indent = decoded[row_start:start]
            own = (indent if not indent.strip() else " " * len(indent)).encode() + decoded[start:end].encode()
        positions = JsonPositions(own, first_line=line)
        documents.append(Document(file=file, index=index, line=line, text=own, value=value, positions=positions))
    return tuple(documents)


def _yaml_documents(text: bytes, file: str, limits: Limits) -> tuple[Document, ...]:
    spans = split_documents(text)
    if len(spans) > limits.documents:
        reason = f"it holds {len(spans)} documents, more than the bound of {limits.documents}"
        return (_whole_file(file, reason, "split the file"),)
    documents: list[Document] = []
    line, counted = 1, 0
    for start, end in spans:
        line += _line_breaks(text, counted, start)
        counted = start
        documents.extend(_one_span(text[start:end], file, len(documents), line, limits))
    return tuple(documents)


def _one_span(text: bytes, file: str, index: int, line: int, limits: Limits) -> list[Document]:
    """Return the document of one span; more than one only where libyaml sees a separator that `split` does not."""
    try:
        built = build(text, limits)
    except TextError as error:
        return [_broken(error, text, file=file, index=index, line=line)]
    return [
        Document(
            file=file,
            index=index + which,
            line=line,
            text=text,
            value=value,
            positions=BuiltPositions(value, root, places, text=text, first_line=line),
        )
        for which, (value, root, places) in enumerate(built or [(None, 0, {})])
    ]


def _broken(error: TextError, text: bytes, *, file: str, index: int, line: int) -> Document:
    decoded = text.decode("utf-8", "replace")
    place = Lines(decoded, line).at(error.index)
    unknown = as_unknown(error, file=file, document=index, text=decoded, line=place.line, column=place.column)
    positions = NoPositions()
    return Document(file=file, index=index, line=line, text=text, positions=positions, error=unknown)


def _line_breaks(text: bytes, start: int, end: int) -> int:
    feeds = text.count(b"\n", start, end)
    returns = text.count(b"\r", start, end)
    return feeds + returns - text.count(b"\r\n", start, end) if returns else feeds
