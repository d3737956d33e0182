"""What every form of statements is read into, and the error of a document that cannot be read."""

from functools import cached_property
from typing import Any, Final, Protocol

import msgspec

from tidewaiter.core.vuln.vex import VexStatement

SIZE: Final = 512 << 20
MOST_PROBLEMS: Final = 50
_MARK: Final = b"\xef\xbb\xbf"


class VexError(Exception):
    """A document that cannot be read: what happened, and what to do about it."""

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep the sentence and the advice; both without final stop."""
        super().__init__(message)
        self.message = message
        self.advice = advice


class VexDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The statements of one document."""

    form: str
    """`OpenVEX`, `CSAF`, `CycloneDX`, `.trivyignore`, ..."""
    statements: tuple[VexStatement, ...] = ()
    problems: tuple[str, ...] = ()
    """Parts that were left out, as clauses without final stop."""


class VexText:
    """The bytes of a document, decoded as JSON at most once, and the name that decides between forms of plain text."""

    def __init__(self, data: bytes, name: str) -> None:
        """Keep both."""
        self.data = data
        self.name = name

    @cached_property
    def value(self) -> dict[str, Any] | None:
        """Return the outermost JSON object, None when the text does not begin like one; raises VexError for damage."""
        if self.data.removeprefix(_MARK).lstrip()[:1] != b"{":
            return None
        if len(self.data) > SIZE:
            raise VexError(f"the document has {len(self.data)} bytes, more than the {SIZE} that are read")
        try:
            return msgspec.json.decode(self.data.removeprefix(_MARK), type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise VexError(f"the JSON cannot be read ({error})", "get the whole document again") from error


class VexForm(Protocol):
    """A member of the family: recognises its documents and reads them."""

    @property
    def id(self) -> str:
        """Return the kebab-case id, equal to the file name with `-` for `_`."""
        ...

    def read(self, text: VexText, /) -> VexDocument | None:
        """Return the statements, None when the document is in another form; raises VexError."""
        ...
