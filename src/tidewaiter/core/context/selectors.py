"""Label selectors (kubernetes/apimachinery: pkg/apis/meta/v1 LabelSelector) and a bounded index over them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import msgspec


class Requirement(msgspec.Struct, frozen=True):
    """One of `matchExpressions`; an operator that Kubernetes does not know matches nothing."""

    key: str
    operator: str
    values: frozenset[str]

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels satisfy the requirement; `NotIn` holds when the label is absent."""
        if self.operator == "In":
            return labels.get(self.key) in self.values if self.key in labels else False
        if self.operator == "NotIn":
            return labels.get(self.key) not in self.values if self.key in labels else True
        if self.operator == "Exists":
            return self.key in labels
        return self.operator == "DoesNotExist" and self.key not in labels


class LabelSelector(msgspec.Struct, frozen=True):
    """Conditions that all must hold; without any it selects everything."""

    labels: tuple[tuple[str, str], ...] = ()
    expressions: tuple[Requirement, ...] = ()
    valid: bool = True
    """False when part of it has the wrong type: such a selector is refused by Kubernetes and selects nothing."""

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether an object with these labels is selected."""
        return (
            self.valid
            and all(labels.get(key) == value for key, value in self.labels)
            and all(requirement.matches(labels) for requirement in self.expressions)
        )


_NOTHING = LabelSelector(valid=False)


def parse_selector(raw: Any) -> LabelSelector:
    """Return a `matchLabels`/`matchExpressions` selector; None and `{}` select everything."""
    if raw is None:
        return LabelSelector()
    if not isinstance(raw, Mapping):
        return _NOTHING
    labels = parse_labels(raw.get("matchLabels"))
    expressions = raw.get("matchExpressions")
    if labels is None or not isinstance(expressions, list | tuple | None):
        return _NOTHING
    requirements = [_requirement(entry) for entry in expressions or ()]
    known = tuple(requirement for requirement in requirements if requirement is not None)
    if len(known) != len(requirements):
        return _NOTHING
    return LabelSelector(labels=labels, expressions=known)


def parse_labels(raw: Any) -> tuple[tuple[str, str], ...] | None:
    """Return a plain map of labels as pairs; None when it is not a map of texts."""
    if raw is None:
        return ()
    if not isinstance(raw, Mapping):
        return None
    pairs = tuple((key, value) for key, value in raw.items() if isinstance(key, str) and isinstance(value, str))
    return pairs if len(pairs) == len(raw) else None


def _requirement(raw: Any) -> Requirement | None:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("key"), str) or not isinstance(raw.get("operator"), str):
        return None
    values = raw.get("values")
    if not isinstance(values, list | tuple | None):
        return None
    return Requirement(
        raw["key"], raw["operator"], frozenset(value for value in values or () if isinstance(value, str))
    )


T = TypeVar("T")


class SelectorIndex(Generic[T]):
    """Answers "which selectors match these labels" by looking only at those that share a label."""

    def __init__(self, entries: Iterable[tuple[LabelSelector, T]]) -> None:
        """File every selector under one of its labels, the rarest; those without labels stand apart."""
        listed = [(number, selector, entry) for number, (selector, entry) in enumerate(entries) if selector.valid]
        counts: dict[tuple[str, str], int] = {}
        for _, selector, _ in listed:
            for pair in selector.labels:
                counts[pair] = counts.get(pair, 0) + 1
        self._filed: dict[tuple[str, str], list[tuple[int, LabelSelector, T]]] = {}
        self._general: list[tuple[int, LabelSelector, T]] = []
        for item in listed:
            labels = item[1].labels
            if labels:
                self._filed.setdefault(min(labels, key=counts.__getitem__), []).append(item)
            else:
                self._general.append(item)

    def matching(self, labels: Mapping[str, str]) -> tuple[T, ...]:
        """Return the entries whose selector matches, in the order they were given."""
        found = [(number, entry) for number, selector, entry in self._candidates(labels) if selector.matches(labels)]
        return tuple(entry for _, entry in sorted(found, key=lambda pair: pair[0]))

    def _candidates(self, labels: Mapping[str, str]) -> Iterator[tuple[int, LabelSelector, T]]:
        yield from self._general
        for pair in labels.items():
            yield from self._filed.get(pair, ())
