"""Subject `object`: any Kubernetes object as written; its variable is the raw document."""

from typing import Any

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Place, Record, Subject, Variable
from tidewaiter.core.policy.world import World

RECORDS = (Record("object", "Any Kubernetes object.", common.OBJECT_FIELDS, key=lambda v: v.fact.ref),)


def _members(world: World) -> Any:
    return world.views("object", world.context.tree.objects)


SUBJECT = Subject(
    id="object",
    doc="Judged once per Kubernetes object of any kind; `object` is the document as written.",
    record="dyn",
    parents=(
        Variable("resource", "object", "Kind, name, namespace, labels of the object.", lambda v: v),
        Variable(
            "namespace", "namespace", "Its namespace.", lambda v: common.namespace_view(v.world, v.fact.namespace)
        ),
    ),
    members=_members,
    reference=lambda v: SubjectRef(kind="object", ref=v.fact.ref, namespace=v.fact.namespace),
    traits=common.object_traits,
    place=lambda v: Place(object=v.fact),
    value=lambda v: v.fact.raw,
)
