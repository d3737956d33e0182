"""Finds pod templates in kinds that nobody told us about: a map with `containers: [{name, image}]`."""

from collections.abc import Iterator, Mapping
from typing import Any

_DEEPEST = 32
_MOST = 1_000


def pod_templates(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield pointers of pod template and pod spec; both are the same where no map with `metadata` is around it.

    `status` is left out: it repeats what `spec` says. Bounded in depth and number, because documents are foreign.
    """
    stack: list[tuple[str, Any, str, int]] = [
        (f"/{_escaped(key)}", value, "", 1)
        for key, value in reversed(list(raw.items()))
        if key not in {"status", "metadata"}
    ]
    found = 0
    while stack and found < _MOST:
        pointer, value, parent, depth = stack.pop()
        if isinstance(value, dict):
            if _has_containers(value):
                found += 1
                yield (parent if pointer.endswith("/spec") else pointer), pointer
                continue
            children: list[tuple[str, Any]] = [(_escaped(key), child) for key, child in value.items()]
        elif isinstance(value, list):
            children = [(str(index), child) for index, child in enumerate(value)]
        else:
            continue
        if depth < _DEEPEST:
            stack.extend(
                (f"{pointer}/{part}", child, pointer, depth + 1)
                for part, child in reversed(children)
                if isinstance(child, dict | list)
            )


def _has_containers(value: Mapping[str, Any]) -> bool:
    containers = value.get("containers")
    return isinstance(containers, list) and any(
        isinstance(entry, dict) and isinstance(entry.get("name"), str) and isinstance(entry.get("image"), str)
        for entry in containers
    )


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
