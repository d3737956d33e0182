"""The manifest beside a lock file: what people asked for, where the lock file does not say it."""

from typing import Any

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.json_text import JsonError, decode
from tidewaiter.scan.lockfiles.reader import Beside, DamageError, damaged
from tidewaiter.scan.lockfiles.source import toml_table


def sibling(path: str, name: str) -> str:
    """Return the path of the file `name` in the folder of `path`."""
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{name}"


def neighbour(path: str, name: str, beside: Beside) -> dict[str, Any] | None:
    """Return the JSON object `name` beside `path`; None when it is absent or damaged."""
    data = beside(sibling(path, name))
    if data is None:
        return None
    try:
        value = decode(data)
    except JsonError:
        return None
    return value if isinstance(value, dict) else None


def damage_of(data: bytes, path: str) -> Unknown | None:
    """Return the remark about a manifest that cannot be read, so that the lock file beside it tells less."""
    try:
        if path.endswith(".json"):
            decode(data)
        elif path.endswith((".toml", "Pipfile")):
            toml_table(data)
    except JsonError as error:
        reason, line = str(error), None
    except DamageError as error:
        reason, line = error.reason, error.line
    else:
        return None
    advice = "correct the file, or the lock file beside it does not tell who asked and for what"
    return damaged(path, reason, line=line, advice=advice, incomplete=False)
