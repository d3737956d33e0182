"""JSON of SBOMs: larger than other documents, and still bounded."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from tidewaiter.scan import json_text
from tidewaiter.scan.sbom.error import SbomError

SIZE: Final = 256 << 20
_MARK: Final = b"\xef\xbb\xbf"


def decode(data: bytes) -> dict[str, Any] | None:
    """Return the outermost object, None when the text does not begin like one; raises SbomError when it is damaged."""
    if data.removeprefix(_MARK).lstrip()[:1] != b"{":
        return None
    try:
        value = json_text.decode(data, size=SIZE)
    except json_text.JsonError as error:
        raise SbomError(str(error), "make the SBOM again, or give the whole file") from error
    return value if isinstance(value, dict) else None


class SbomText:
    """The bytes of a document, decoded as JSON at most once."""

    def __init__(self, data: bytes) -> None:
        """Keep the bytes."""
        self.data = data

    @cached_property
    def value(self) -> dict[str, Any] | None:
        """Return the outermost object, None when the text is no JSON; raises SbomError when it is damaged."""
        return decode(self.data)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list; anything else gives none."""
    if isinstance(value, list):
        for one in value:
            if isinstance(one, dict):
                yield one
