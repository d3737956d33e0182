"""The same change on plain data: what an edited text must say (RFC 6902, with missing parents of `add` made)."""

from typing import Any

from tidewaiter.core.finding import JsonPatch
from tidewaiter.scan.edit.errors import EditError
from tidewaiter.scan.yaml_text.positions import item_number, parse_pointer


def patched(document: Any, patch: JsonPatch) -> Any:
    """Return a changed copy of `document`; raise `EditError` when the place does not exist."""
    parts = parse_pointer(patch.path)
    if not parts:
        raise EditError("a whole document cannot be replaced")
    root = _unshared(document)
    parent = root if root is not None else {}
    root = parent
    for part in parts[:-1]:
        parent = _step(parent, part, make=patch.op == "add", path=patch.path)
    _change(parent, parts[-1], patch)
    return root


def _unshared(value: Any) -> Any:
    """Copy in depth; what an alias shared in the text becomes two values, so that changing one shows."""
    if isinstance(value, dict):
        return {key: _unshared(item) for key, item in value.items()}
    return [_unshared(item) for item in value] if isinstance(value, list | tuple) else value


def _step(parent: Any, part: str, *, make: bool, path: str) -> Any:
    if isinstance(parent, dict):
        if parent.get(part) is None and make:
            parent[part] = {}
        if part in parent:
            return parent[part]
    elif isinstance(parent, list):
        index = item_number(part, len(parent))
        if index is not None:
            if parent[index] is None and make:
                parent[index] = {}
            return parent[index]
    raise EditError(f"there is no `{part}` on the way to {path}")


def _change(parent: Any, part: str, patch: JsonPatch) -> None:
    if isinstance(parent, dict):
        if patch.op != "add" and part not in parent:
            raise EditError(f"there is no field {patch.path}")
        if patch.op == "remove":
            del parent[part]
        else:
            parent[part] = _unshared(patch.value)
        return
    if not isinstance(parent, list):
        raise EditError(f"{patch.path} lies in a value that is neither a map nor a list")
    if patch.op == "add":
        index = len(parent) if part == "-" else item_number(part, len(parent) + 1)
    else:
        index = item_number(part, len(parent))
    if index is None:
        raise EditError(f"there is no item {patch.path}")
    if patch.op == "remove":
        del parent[index]
    elif patch.op == "add":
        parent.insert(index, _unshared(patch.value))
    else:
        parent[index] = _unshared(patch.value)


def same(one: Any, other: Any) -> bool:
    """Tell whether two documents are equal, booleans apart from numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
