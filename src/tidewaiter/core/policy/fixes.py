"""Fix templates become patches of files: absolute pointers, the object's own file and document."""

from collections.abc import Mapping
from typing import Any

from tidewaiter.core.cel import CelError, Template, Unknown
from tidewaiter.core.finding import Fix, JsonPatch, Patch, ReplaceText
from tidewaiter.core.model.location import Location
from tidewaiter.core.policy.compiled import CompiledFix, Expression
from tidewaiter.core.policy.fields.base import Place


class _NotComputableError(Exception):
    """A value of the fix is unknown or failed; the finding then has no fix."""


def fix_of(fix: CompiledFix, values: Mapping[str, Any], place: Place, location: Location) -> Fix | None:
    """Return the fix for one finding, or None when it cannot be made here (no file, or a value that is not known)."""
    try:
        patches = _replacement(fix, values, location) if fix.find is not None else _operations(fix, values, place)
    except _NotComputableError:
        return None
    if not patches:
        return None
    title = "; ".join(dict.fromkeys(_title(patch, place) for patch in patches))
    return Fix(title=title, patches=patches, safe=fix.template.safe, why=fix.template.why)


def _operations(fix: CompiledFix, values: Mapping[str, Any], place: Place) -> tuple[Patch, ...]:
    found = place.object
    if found is None or not found.file:
        return ()
    return tuple(
        JsonPatch(
            file=found.file,
            document=found.document,
            op=_OPERATIONS[operation.op],
            path=found.pointer + place.pointer + _text(operation.path, values),
            value=_value(operation.value, values),
        )
        for operation in fix.operations
    )


_OPERATIONS: Mapping[str, Any] = {"add": "add", "replace": "replace", "remove": "remove"}


def _replacement(fix: CompiledFix, values: Mapping[str, Any], location: Location) -> tuple[Patch, ...]:
    assert fix.find is not None
    assert fix.replacement is not None
    if location.file is None or location.image is not None or location.line is None:
        return ()
    return (
        ReplaceText(
            file=location.file,
            line=location.line,
            find=_text(fix.find, values),
            replacement=_text(fix.replacement, values),
        ),
    )


def _text(template: Template, values: Mapping[str, Any]) -> str:
    text = template.evaluate(values)
    if not isinstance(text, str):
        raise _NotComputableError
    return text


def _value(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, Expression):
        result = value.program.evaluate(values)
        if isinstance(result, CelError | Unknown):
            raise _NotComputableError
        return plain(result)
    if isinstance(value, Mapping):
        return {key: _value(inner, values) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_value(inner, values) for inner in value]
    return value


def plain(value: Any) -> Any:
    """Return a CEL value as a value of a document: lists and mappings all the way down."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def _title(patch: Patch, place: Place) -> str:
    if isinstance(patch, ReplaceText):
        return f"write `{patch.replacement}` instead of `{patch.find}`"
    assert isinstance(patch, JsonPatch)
    base = place.object.pointer + place.pointer if place.object is not None else ""
    field = patch.path.removeprefix(base).strip("/").replace("/", ".")
    if patch.op == "remove":
        return f"remove {field or 'it'}"
    if field.endswith(".-"):
        return f"add to {field.removesuffix('.-')}: {_shown(patch.value)}"
    return f"set {field}: {_shown(patch.value)}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_shown(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_shown(inner)}' for key, inner in value.items())}}}"
    return str(value)
