"""What an evaluation costs, after the unit costs of the Kubernetes API server's CEL.

Fixed costs are added up when an expression is compiled and charged when the part that holds them is entered; costs
that depend on sizes are charged by the calls, before they do the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidewaiter.core.cel.values import Optional

DEFAULT_LIMIT = 1_000_000
"""The limit of one evaluation, as in the API server."""

CONSTANT = 0
NAME = 1
SELECT = 1
INDEX = 1
CALL = 1
LIST = 10
MAP = 30
MESSAGE = 40
ITERATION = 1


def of_text(text: Any, *_: Any) -> int:
    """Return the cost of one pass over the first argument: a tenth per character, rounded up. Its size is 1 when it has none."""
    return (len(text) + 9) // 10


def of_texts(left: Any, right: Any, *_: Any) -> int:
    """Return the cost of one pass over both arguments."""
    return (len(left) + len(right) + 9) // 10


def of_shorter(left: Any, right: Any) -> int:
    """Return the cost of a comparison: one pass over the shorter argument."""
    return (min(len(left), len(right)) + 9) // 10


def of_lists(left: Any, right: Any) -> int:
    """Return the cost of a list made of two: a tenth per element."""
    return (len(left) + len(right) + 9) // 10


def of_search(text: Any, wanted: Any, *_: Any) -> int:
    """Return the cost of a search for a text in a text: the product of both passes."""
    return ((len(text) + 9) // 10) * max((len(wanted) + 9) // 10, 1)


def of_pattern(text: str, pattern: str, *_: Any) -> int:
    """Return the cost of a match: a tenth per character (and one for the end) times a quarter per one of the pattern."""
    return ((len(text) + 10) // 10) * max((len(pattern) + 3) // 4, 1)


def of_nested(value: Any, limit: int = 2 * DEFAULT_LIMIT) -> int:
    """Return one unit for each value in a nested value and a tenth per character; stops counting above `limit`.

    A value built by sharing its parts (`[x, x]` again and again) has exponentially more places than objects, so
    everything that walks a whole value is charged by this count before it starts.
    """
    total = 0
    waiting = [value]
    while waiting and total <= limit:
        item = waiting.pop()
        total += 1
        kind = type(item)
        if kind is int or kind is bool or kind is float:
            continue
        if isinstance(item, (str, bytes)):
            total += len(item) // 10
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
        elif isinstance(item, (dict, Mapping)):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, Optional):
            waiting.append(item.value)
    return total


def of_items(items: Any, *_: Any) -> int:
    """Return one unit for each element of the first argument."""
    return len(items)


def lookup_cost(holder: Any, key: Any) -> int:
    """Return what a lookup costs beyond its fixed unit: a pass over the keys where 0, 1, true and false are told apart."""
    return 0 if isinstance(key, str) or not isinstance(key, (int, float)) or key not in (0, 1) else len(holder) // 10
