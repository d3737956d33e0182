"""`base64.encode` and `base64.decode` (google/cel-go: ext/encoders.go)."""

from __future__ import annotations

import base64
import binascii

from tidewaiter.core.cel.cost import of_text
from tidewaiter.core.cel.declarations import Library, function, plain
from tidewaiter.core.cel.types import BYTES, STRING
from tidewaiter.core.cel.values import fail


def _decode(text: str) -> bytes:
    """Decode standard base64; the padding may be missing."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise fail("base64.decode: the text is not base64") from None


LIBRARY = Library(
    id="encoders",
    functions=(
        function("base64.encode", plain((BYTES,), STRING, lambda value: base64.b64encode(value).decode(), of_text)),
        function("base64.decode", plain((STRING,), BYTES, _decode, of_text)),
    ),
)
