"""Subject `credential`: a secret found where it should not be; the secret itself is never kept."""

from typing import Any

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import ABSENT, Field, Place, Record, Subject, Variable, View
from tidewaiter.core.policy.selector import Traits
from tidewaiter.core.policy.world import World

RECORDS = (
    Record(
        "credential",
        "A leaked secret.",
        (
            Field("rule", "string", "Id of the token format.", lambda v: v.fact.rule),
            Field("title", "string", "What it is, in words.", lambda v: v.fact.title),
            Field("redacted", "string", "Enough to find it again, never the secret.", lambda v: v.fact.redacted),
            Field(
                "source",
                "string",
                "`file`, `env`, `history`, `label`, `command` or `build-arg`.",
                lambda v: v.fact.source,
            ),
            Field(
                "deletedLater",
                "bool",
                "True when a higher layer removes the file; it is still in every pull.",
                lambda v: v.fact.deleted_later,
            ),
            Field("verified", "bool", "True when the token's own checksum is right.", lambda v: v.fact.verified),
            Field(
                "path",
                "string",
                "Path in the image; empty for secrets of the configuration.",
                lambda v: v.fact.location.file or "",
            ),
            Field(
                "layer",
                "int",
                "Layer it lies in; absent for secrets of the configuration.",
                lambda v: ABSENT if v.fact.location.layer is None else v.fact.location.layer,
            ),
        ),
        key=lambda v: f"{v.fact.rule} {v.fact.location.file or v.fact.source} {v.fact.redacted}",
    ),
)


def _members(world: World) -> Any:
    for owner in world.views("image", world.context.tree.images):
        yield from owner["credentials"]


def _reference(view: View) -> SubjectRef:
    ref = view.above.fact.ref
    return SubjectRef(
        kind="credential",
        ref=ref,
        image=ref,
        key=f"{view.fact.rule} {view.fact.location.file or view.fact.source} {view.fact.redacted}",
    )


SUBJECT = Subject(
    id="credential",
    doc="Judged once per secret found.",
    record="credential",
    parents=(Variable("image", "image", "The image that holds it.", lambda v: v.above),),
    members=_members,
    reference=_reference,
    traits=lambda v: Traits(name=v.fact.rule, image=v.above.fact.ref, digest=v.above.fact.digest or None),
    place=lambda v: Place(**common.image_place(v.fact.location, v.above.fact)),
    evidence=lambda v: common.exposure(v.above),
)
