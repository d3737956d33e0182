"""What a declared fact is: a field of a record, computed on demand from facts of the model, and kept in the view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from tidewaiter.core.cel import Unknown
from tidewaiter.core.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.core.finding import SubjectRef
    from tidewaiter.core.model.kubernetes import KubernetesObject
    from tidewaiter.core.policy.selector import Traits
    from tidewaiter.core.policy.world import World


class _Absent:
    """The type of `ABSENT`."""

    __slots__ = ()


ABSENT = _Absent()
"""Returned by a computation when the field is not there, so that `has()` is false."""


class View(dict[str, Any]):
    """One fact as CEL sees it: a record whose fields are computed when first read and then kept.

    `fact` is the Struct or mapping behind it, `parent` the view it belongs to, `pointer` its place: a JSON Pointer
    relative to the Kubernetes object for parts of manifests, else empty. Reading an absent field raises `KeyError`.
    """

    __slots__ = ("computations", "fact", "parent", "pointer", "record", "world")

    def __init__(self, world: World, record: Record, fact: Any, parent: View | None = None, pointer: str = "") -> None:
        """Make an empty view; nothing is computed yet."""
        super().__init__()
        self.world = world
        self.record = record
        self.computations = record.computations
        self.fact = fact
        self.parent = parent
        self.pointer = pointer

    def __missing__(self, key: str) -> Any:
        value = self.computations[key](self)
        if value is ABSENT:
            raise KeyError(key)
        self[key] = value
        return value

    def __iter__(self) -> Iterator[str]:
        # Records lead to each other in circles (a volume to its mounts and back); nobody may walk them as a whole.
        return iter(())

    def keys(self) -> Any:
        """Return nothing: fields are read by name, and those computed so far are no list of what there is."""
        return ()

    def values(self) -> Any:
        """Return nothing, as `keys`."""
        return ()

    def __hash__(self) -> int:  # type: ignore[override]
        # A view is one place in the world; equal contents at two places are two views.
        return id(self)

    @property
    def above(self) -> View:
        """Return the parent of a view that always has one."""
        assert self.parent is not None
        return self.parent


Computation = Callable[[View], Any]


class Field(msgspec.Struct, frozen=True):
    """One declared fact."""

    name: str
    """lowerCamelCase."""
    type: str
    """`string`, `list(container)`, `map(string, string)`; a record by its name (see `vocabulary`)."""
    doc: str
    """One sentence."""
    compute: Computation
    cel: str = ""
    """The same value from the Kubernetes object alone, over `object`, `podSpec` and `self` (the raw element)."""


class Record(msgspec.Struct, frozen=True):
    """A named set of fields."""

    name: str
    doc: str
    fields: tuple[Field, ...]
    key: Computation | None = None
    """The element's own name inside its collection, for finding ids that survive a new order."""
    computations: dict[str, Computation] = {}

    def __post_init__(self) -> None:
        """Index the computations once; views share the table."""
        if not self.computations:
            self.computations.update({field.name: field.compute for field in self.fields})


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a subject stands: inside a Kubernetes object (which can be patched) or at some other location."""

    object: KubernetesObject | None = None
    pointer: str = ""
    """The subject's JSON Pointer relative to the object."""
    location: Location | None = None
    related: tuple[Location, ...] = ()

    def at(self, pointer: str = "") -> Location:
        """Return the location of a field of the subject, given relative to it."""
        if self.object is not None:
            return self.object.at(self.pointer + pointer)
        return self.location if self.location is not None else Location(pointer="")


class Variable(msgspec.Struct, frozen=True):
    """A name that expressions of one subject may use."""

    name: str
    type: str
    doc: str
    compute: Computation
    """Gets the subject's view."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy is judged once per."""

    id: str
    """Value of `subject:`, and the name of the variable that holds it."""
    doc: str
    record: str
    """Name of the subject's record, or `dyn`."""
    parents: tuple[Variable, ...] = ()
    members: Callable[[World], Iterable[View]]
    """Every subject of this kind, in the order of the input."""
    reference: Callable[[View], SubjectRef]
    traits: Callable[[View], Traits]
    place: Callable[[View], Place]
    value: Computation = lambda view: view
    """What the subject's variable holds; the raw document for `object`."""
    evidence: Callable[[View], tuple[tuple[str, Any], ...]] = lambda _view: ()
    """Figures for ranking (`Finding.facts`)."""


def unknown(reason: str) -> Unknown:
    """Return CEL's unknown with one reason that names the missing fact and, where it helps, how to supply it."""
    return Unknown((reason,))


def mapping(value: Any) -> Mapping[str, Any]:
    """Return the value when it is a mapping, else an empty one: a malformed document is reported where it is read."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: Any) -> tuple[Any, ...]:
    """Return a list's elements, or nothing for every other value."""
    return tuple(value) if isinstance(value, list | tuple) else ()


def given(value: Any) -> Any:
    """Return the value, or `ABSENT` for None: YAML's null says that a field is not set."""
    return ABSENT if value is None else value


def text(value: Any) -> str:
    """Return a scalar as Kubernetes would write it; a mapping or list gives an empty text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def escape_pointer(token: str) -> str:
    """Return one token of a JSON Pointer with `~` and `/` escaped (RFC 6901)."""
    return token.replace("~", "~0").replace("/", "~1")
