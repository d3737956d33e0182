"""The manifest beside a lock file: what people asked for, where the lock file does not say it."""

from typing import Any

from tidewaiter.scan.json_text import JsonError, decode
from tidewaiter.scan.lockfiles.reader import Beside


def sibling(path: str, name: str) -> str:
    """Return the path of the file `name` in the folder of `path`."""
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{name}"


def neighbour(path: str, name: str, beside: Beside) -> dict[str, Any] | None:
    """Return the JSON object `name` beside `path`; None when it is absent or damaged, which its own reader tells."""
    data = beside(sibling(path, name))
    if data is None:
        return None
    try:
        value = decode(data)
    except JsonError:
        return None
    return value if isinstance(value, dict) else None
