"""Records of the parts of an image that are no subjects themselves: layers, tools, files, the distribution."""

from typing import Any

from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import ABSENT, Field, Record, View
from tidewaiter.core.policy.world import moment


def _path(view: View) -> str:
    return view.fact.location.file or ""


def _end_of(day: str) -> Any:
    return moment(f"{day}T23:59:59Z") or ABSENT if day else ABSENT


def _layer(view: View) -> int:
    return -1 if view.fact.location.layer is None else view.fact.location.layer


PART_RECORDS = (
    Record(
        "operatingSystem",
        "The distribution of an image.",
        (
            Field("id", "string", "`debian`, `alpine` and others.", lambda v: v.fact.id),
            Field("versionId", "string", "Such as `12`; empty for rolling systems.", lambda v: v.fact.version_id),
            Field("codename", "string", "Such as `bookworm`; empty when not told.", lambda v: v.fact.codename),
            Field("name", "string", "Its full name.", lambda v: v.fact.name),
            Field(
                "endOfLife",
                "timestamp",
                "End of the last day of fixes for everybody; absent when not known.",
                lambda v: _end_of(v.fact.end_of_life),
            ),
            Field(
                "extendedSupport",
                "timestamp",
                "End of the last day of fixes that need a subscription; absent when there are none.",
                lambda v: _end_of(v.fact.extended_support),
            ),
        ),
    ),
    Record(
        "layer",
        "One filesystem layer.",
        (
            Field("index", "int", "Counted from 0 at the bottom.", lambda v: v.fact.index),
            Field("diffId", "string", "Digest of the unpacked layer.", lambda v: v.fact.diff_id),
            Field("digest", "string", "Digest as stored; absent when not told.", lambda v: v.fact.digest or ABSENT),
            Field("size", "int", "Bytes as stored.", lambda v: v.fact.size),
            Field("createdBy", "string", "The build instruction; empty when not known.", lambda v: v.fact.created_by),
            Field(
                "created",
                "timestamp",
                "When it was made; absent when not told.",
                lambda v: moment(v.fact.created) or ABSENT,
            ),
            Field("origin", "string", "`base`, `own` or `unknown`.", lambda v: v.fact.origin),
        ),
        key=lambda v: v.fact.diff_id,
    ),
    Record(
        "tool",
        "An executable that helps an attacker.",
        (
            Field("name", "string", "Its name.", lambda v: v.fact.name),
            Field(
                "kind",
                "string",
                "`shell`, `package-manager`, `network-client`, `compiler` or `debugger`.",
                lambda v: v.fact.kind,
            ),
            Field(
                "package",
                "string",
                "The OS package that brought it; absent when not known.",
                lambda v: v.fact.package or ABSENT,
            ),
            Field("path", "string", "Path in the image.", _path),
            Field("layer", "int", "Layer it lies in; -1 when not known.", _layer),
        ),
        key=lambda v: f"{v.fact.kind} {v.fact.name}",
    ),
    Record(
        "notableFile",
        "A file whose mode matters for security.",
        (
            Field("kind", "string", "`setuid`, `setgid` or `world-writable`.", lambda v: v.fact.kind),
            Field("mode", "int", "Permission bits.", lambda v: v.fact.mode),
            Field("path", "string", "Path in the image.", _path),
            Field("layer", "int", "Layer it lies in; -1 when not known.", _layer),
        ),
        key=lambda v: f"{v.fact.kind} {_path(v)}",
    ),
    Record(
        "dockerfile",
        "A Dockerfile of the tree.",
        (
            Field("path", "string", "Path in the tree.", lambda v: v.fact.path),
            Field(
                "instructions",
                "list(instruction)",
                "All instructions in order.",
                lambda v: v.world.views("instruction", v.fact.instructions, v),
            ),
            Field("finalStage", "int", "Index of the stage that becomes the image.", lambda v: v.fact.final_stage),
            Field("stageNames", "list(string)", "Names of its stages.", common.stage_names),
        ),
        key=lambda v: v.fact.path,
    ),
)
