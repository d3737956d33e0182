"""What an expression reads: the variables of one subject, computed when first read and shared by all policies."""

from collections.abc import Callable, Mapping
from typing import Any

from tidewaiter.core.cel import Program
from tidewaiter.core.policy.fields import tree
from tidewaiter.core.policy.fields.base import Subject, View, unknown


class Scope(dict[str, Any]):
    """The variables of one subject; `params`, `variables`, `item` and `index` are set by the evaluation."""

    __slots__ = ("_computations", "_view")

    def __init__(self, view: View, computations: Mapping[str, Callable[[View], Any]]) -> None:
        """Begin empty; `computations` comes from `computations_of`."""
        super().__init__()
        self._view = view
        self._computations = computations

    def __missing__(self, key: str) -> Any:
        value = self[key] = self._computations[key](self._view)
        return value


class Variables(dict[str, Any]):
    """The `variables` of a policy for one subject: each is evaluated when first read."""

    __slots__ = ("_programs", "_scope")

    def __init__(self, programs: Mapping[str, Program], scope: Scope) -> None:
        """Begin empty."""
        super().__init__()
        self._programs = programs
        self._scope = scope

    def __missing__(self, key: str) -> Any:
        value = self[key] = self._programs[key].evaluate(self._scope)
        return value


def computations_of(subject: Subject) -> Mapping[str, Callable[[View], Any]]:
    """Return how each variable of a subject is computed."""
    return {
        "tree": lambda view: tree.view_of(view.world),
        "cluster": lambda _view: unknown("no cluster is known at this stage"),
        "now": lambda view: view.world.timestamp,
        "stage": lambda view: view.world.stage,
        "environment": lambda view: view.world.environment,
        **{variable.name: variable.compute for variable in subject.parents},
        subject.id: subject.value,
    }
