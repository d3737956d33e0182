"""Subject `instruction`: one instruction of a Dockerfile."""

import hashlib
import re
from typing import Any

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.model.location import Location
from tidewaiter.core.policy.fields import common, references
from tidewaiter.core.policy.fields.base import ABSENT, Field, Place, Record, Subject, Variable, View, unknown
from tidewaiter.core.policy.selector import Traits
from tidewaiter.core.policy.world import World


def _image(view: View) -> Any:
    images = view.world.context.images_of(view.above.fact)
    if not images:
        return unknown(f"no image built from {view.above.fact.path} was given")
    return view.world.view("image", images[0])


def _is_stage(view: View) -> bool:
    """Return whether a FROM builds on an earlier stage of the same file."""
    earlier = common.stage_names(view.above, before=view.fact.line)
    return view.fact.keyword == "FROM" and view.fact.image.lower() in earlier


_VALUE = re.compile(r"""=(?:"(?:[^"\\]|\\.)*"|'[^']*'|\S+)""")
_SETTINGS = frozenset({"ENV", "ARG"})


def _key(view: View) -> str:
    """Return the text, which names the instruction while lines move; what ENV and ARG set may be a secret.

    Reports print keys, so of those the names stand there, and the start of the SHA-256 of the whole text.
    """
    text = f"{view.fact.keyword} {view.fact.value}"
    if view.fact.keyword not in _SETTINGS:
        return text
    shown = _VALUE.sub("=…", text) if "=" in text else " ".join(text.split()[:2])
    return f"{shown} ({hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]})"


RECORDS = (
    Record(
        "instruction",
        "One instruction, continuation lines joined.",
        (
            Field("keyword", "string", "Upper case: `FROM`, `RUN` and others.", lambda v: v.fact.keyword),
            Field("value", "string", "Everything after keyword and flags.", lambda v: v.fact.value),
            Field(
                "expanded",
                "string",
                "The value with ARG and ENV put in as far as known.",
                lambda v: v.fact.expanded or v.fact.value,
            ),
            Field(
                "text",
                "string",
                "The expanded value and the bodies of its heredocs.",
                lambda v: "\n".join((v.fact.expanded or v.fact.value, *v.fact.heredocs)),
            ),
            Field("flags", "map(string, string)", "`--from=build` as `from: build`.", lambda v: dict(v.fact.flags)),
            Field("line", "int", "First line.", lambda v: v.fact.line),
            Field("endLine", "int", "Last line.", lambda v: v.fact.end_line),
            Field("stage", "int", "Index of its stage.", lambda v: v.fact.stage),
            Field(
                "isFinalStage",
                "bool",
                "True in the stage that becomes the image.",
                lambda v: v.fact.stage == v.above.fact.final_stage,
            ),
            Field(
                "image",
                "string",
                "FROM: the image after expansion; absent for others.",
                lambda v: v.fact.image or ABSENT,
            ),
            Field(
                "imageRef",
                "imageRef",
                "FROM: the image taken apart; absent for others.",
                lambda v: v.world.part("imageRef", references.split(v.fact.image), v) if v.fact.image else ABSENT,
            ),
            Field("isStage", "bool", "FROM: true when it builds on an earlier stage of the file.", _is_stage),
            Field("name", "string", "FROM: the stage's own name; empty without one.", lambda v: v.fact.name),
            Field("heredocs", "list(string)", "Bodies of heredocs.", lambda v: v.fact.heredocs),
        ),
        key=_key,
    ),
)


def _members(world: World) -> Any:
    for dockerfile in world.views("dockerfile", world.context.tree.dockerfiles):
        yield from dockerfile["instructions"]


SUBJECT = Subject(
    id="instruction",
    doc="Judged once per instruction of every Dockerfile.",
    record="instruction",
    parents=(
        Variable("dockerfile", "dockerfile", "Its Dockerfile.", lambda v: v.above),
        Variable("image", "image", "The image built from it; unknown when none was given.", _image),
    ),
    members=_members,
    reference=lambda v: SubjectRef(kind="instruction", ref=v.above.fact.path, key=_key(v)),
    traits=lambda v: Traits(name=v.above.fact.path),
    place=lambda v: Place(location=Location(file=v.above.fact.path, line=v.fact.line, column=1)),
)
