"""Subject `namespace`: a namespace that the tree defines or uses."""

from typing import Any

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.model.location import Location
from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Field, Place, Record, Subject, View
from tidewaiter.core.policy.selector import Traits
from tidewaiter.core.policy.world import World


def _texts(attribute: str) -> Any:
    def compute(view: View) -> Any:
        found = view.fact.object
        if found is None:
            # Without the object its labels cannot be seen, whatever namespace the objects name.
            return view.world.open_world("", "labels") if not view.fact.is_closed else {}
        return getattr(found, attribute)

    return compute


def _workloads(view: View) -> Any:
    return tuple(workload for workload in view.world.workloads() if workload.fact.object.namespace == view.fact.name)


RECORDS = (
    Record(
        "namespace",
        "A namespace.",
        (
            Field("name", "string", "Its name; empty for cluster-scoped objects.", lambda v: v.fact.name),
            Field(
                "labels", "map(string, string)", "Its labels; unknown when only its name is known.", _texts("labels")
            ),
            Field(
                "annotations",
                "map(string, string)",
                "Its annotations; unknown when only its name is known.",
                _texts("annotations"),
            ),
            Field("isClosed", "bool", "True when the tree is complete for it.", lambda v: v.fact.is_closed),
            Field("workloads", "list(workload)", "Workloads of the tree in it.", _workloads),
        ),
        key=lambda v: v.fact.name,
    ),
)


def _members(world: World) -> Any:
    names = dict.fromkeys(found.name for found in world.context.objects_of("Namespace"))
    names.update(
        dict.fromkeys(
            workload.object.namespace for workload in world.context.tree.workloads if workload.object.namespace
        )
    )
    return tuple(common.namespace_view(world, name) for name in names)


def _place(view: View) -> Place:
    if view.fact.object is not None:
        return Place(object=view.fact.object)
    first = next(iter(_workloads(view)), None)
    return Place(location=first.fact.object.at() if first is not None else Location(pointer=""))


SUBJECT = Subject(
    id="namespace",
    doc="Judged once per namespace that the tree defines or puts workloads in.",
    record="namespace",
    members=_members,
    reference=lambda v: SubjectRef(kind="namespace", ref=f"Namespace/{v.fact.name}", namespace=v.fact.name),
    traits=lambda v: Traits(
        namespace=v.fact.name,
        namespace_labels=common.namespace_labels(v.world, v.fact.name),
        kind="Namespace",
        name=v.fact.name,
    ),
    place=_place,
)
