"""JSON from unknown hands: bounded in size and depth, every failure one exception."""

from typing import Any, Final

import msgspec

DEPTH: Final = 200
SIZE: Final = 8 << 20


class JsonError(Exception):
    """The bytes are not usable JSON: why, as one sentence without final stop."""


def decode(data: bytes, *, size: int = SIZE) -> Any:
    """Return the value (RFC 8259); raise JsonError when it is malformed, too large or nested deeper than 200."""
    if len(data) > size:
        raise JsonError(f"the JSON has {len(data)} bytes, more than the {size} that are read")
    try:
        value = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise JsonError(f"the JSON is malformed ({str(error).removeprefix('JSON is malformed: ')})") from error
    except RecursionError as error:
        raise JsonError(f"the JSON is nested deeper than {DEPTH}") from error
    level = [value]
    for _ in range(DEPTH):
        level = [child for node in level for child in _children(node)]
        if not level:
            return value
    raise JsonError(f"the JSON is nested deeper than {DEPTH}")


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [child for child in node.values() if isinstance(child, dict | list)]
    return [child for child in node if isinstance(child, dict | list)] if isinstance(node, list) else []


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a list; anything else in it, and anything that is not a list, is left out."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def text(value: Any) -> str:
    """Return the value when it is a text, else an empty one."""
    return value if isinstance(value, str) else ""


def mapping(value: Any) -> dict[str, Any]:
    """Return the value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
