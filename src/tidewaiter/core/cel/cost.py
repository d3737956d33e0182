"""What an evaluation costs, after the unit costs of the Kubernetes API server's CEL.

Fixed costs are added up when an expression is compiled and charged when the part that holds them is entered; costs
that depend on sizes are charged by the calls, before they do the work.
"""

from __future__ import annotations

from typing import Any

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


def of_items(items: Any, *_: Any) -> int:
    """Return one unit for each element of the first argument."""
    return len(items)
