"""What is wrong with a YAML or JSON text, where, and what to do about it."""

import re

from yaml import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown

TEMPLATE_ADVICE = (
    "render it first (`helm template RELEASE CHART > rendered.yaml`, or the tool that owns the template), "
    "check the rendered file, and list the templates under `ignore` in .tidewaiter.yaml"
)
_TAB_ADVICE = "indent with blanks: YAML forbids tabs there"
_SYNTAX_ADVICE = "correct the YAML at this place; `kubectl apply --dry-run=client -f FILE` refuses it as well"
_TEMPLATE = re.compile(r"\{\{|\{%")


class TextError(ValueError):
    """A document that cannot be read; `index` counts characters from the start of its text."""

    def __init__(self, reason: str, index: int, advice: str = _SYNTAX_ADVICE) -> None:
        """Keep the reason (one clause, no full stop), the place and the advice apart."""
        super().__init__(reason)
        self.reason = reason
        self.index = index
        self.advice = advice


def from_yaml_error(error: YAMLError, text: bytes) -> TextError:
    """Translate an error of libyaml on `text` (UTF-8) into ours."""
    if isinstance(error, ReaderError):
        return _from_reader_error(error, text)
    if not isinstance(error, MarkedYAMLError):
        return TextError("it is not YAML", 0)
    mark = error.problem_mark or error.context_mark
    index = mark.index if mark is not None else 0
    problem = error.problem or error.context or "it is not YAML"
    decoded = text.decode("utf-8", "replace")
    if decoded[index : index + 1] == "\t":
        return TextError("a tab stands where indentation is expected", index, _TAB_ADVICE)
    context = f" ({error.context})" if error.context and error.problem else ""
    return TextError(f"{problem}{context}", index)


def _from_reader_error(error: ReaderError, text: bytes) -> TextError:
    position = error.position if isinstance(error.position, int) else 0
    before = text[: max(position, 0)]
    index = len(before.decode("utf-8", "replace"))
    character = error.character if isinstance(error.character, int) else 0
    if error.reason == "control characters are not allowed":
        nul = text.find(b"\0")
        if character == 0 and nul >= 0:
            return TextError("it contains a NUL byte", len(text[:nul].decode("utf-8", "replace")), _BINARY_ADVICE)
        return TextError(f"it contains the control character U+{character:04X}", index, _BINARY_ADVICE)
    return TextError(f"it is not UTF-8 ({error.reason})", index, _BINARY_ADVICE)


_BINARY_ADVICE = "save the file as UTF-8 text; if it is not YAML at all, list it under `ignore` in .tidewaiter.yaml"


def looks_like_template(text: str) -> bool:
    """Tell whether an unreadable text is rather a Helm, Go or Jinja template than a damaged document."""
    return _TEMPLATE.search(text) is not None


def as_unknown(error: TextError, *, file: str, document: int, text: str, line: int, column: int) -> Unknown:
    """Return the error as the value that reports carry; `line` and `column` are 1-based in the whole file."""
    location = Location(file=file, line=line, column=column)
    subject = f"{file} document {document}" if document else file
    if looks_like_template(text):
        reason = f"{location}: it is a Helm or Go template and not YAML as it stands: {error.reason}"
        return Unknown(subject=subject, reason=reason, advice=TEMPLATE_ADVICE, location=location)
    return Unknown(subject=subject, reason=f"{location}: {error.reason}", advice=error.advice, location=location)
