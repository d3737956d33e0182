"""Records of the parts of a pod that are no subjects themselves: node namespaces and volumes."""

from typing import Any

from tidewaiter.core.policy.fields.base import Computation, Field, Record, View, given, mapping, text

_VOLUME_TYPE_DEFAULT = "emptyDir"


def _switch(key: str, *, default: bool) -> Computation:
    """Compute a bool of the pod spec; a value of another type is handed on, so that it is told instead of passed."""

    def compute(view: View) -> Any:
        value = view.fact.get(key)
        return default if value is None else value

    return compute


_HOST = Record(
    "host",
    "Namespaces of the node that the pods share.",
    (
        Field(
            "network",
            "bool",
            "`hostNetwork`, false by default.",
            _switch("hostNetwork", default=False),
            cel="podSpec.?hostNetwork.orValue(false)",
        ),
        Field(
            "pid",
            "bool",
            "`hostPID`, false by default.",
            _switch("hostPID", default=False),
            cel="podSpec.?hostPID.orValue(false)",
        ),
        Field(
            "ipc",
            "bool",
            "`hostIPC`, false by default.",
            _switch("hostIPC", default=False),
            cel="podSpec.?hostIPC.orValue(false)",
        ),
        Field(
            "users",
            "bool",
            "`hostUsers`: true (the default) without a user namespace.",
            _switch("hostUsers", default=True),
            cel="podSpec.?hostUsers.orValue(true)",
        ),
    ),
)


def _volume_type(view: View) -> str:
    return next((key for key in view.fact if key != "name"), _VOLUME_TYPE_DEFAULT)


_VOLUME = Record(
    "volume",
    "One volume of the pod.",
    (
        Field("name", "string", "Its name.", lambda v: text(v.fact.get("name"))),
        Field(
            "type",
            "string",
            "The key of its source: `hostPath`, `emptyDir` (the default), `configMap` and others.",
            _volume_type,
        ),
        Field(
            "hostPath",
            "string",
            "The node's path; absent for other volumes.",
            lambda v: given(mapping(v.fact.get("hostPath")).get("path")),
        ),
        Field(
            "mounts",
            "list(mount)",
            "Every mount of it in the pod's containers.",
            lambda v: tuple(m for c in v.above["containers"] for m in c["mounts"] if m["name"] == v["name"]),
        ),
        Field("source", "dyn", "The source as written.", lambda v: v.fact.get(_volume_type(v)) or {}),
        Field("path", "string", "JSON Pointer of the entry in its object.", lambda v: v.pointer),
    ),
    key=lambda v: v["name"],
)

POD_RECORDS = (_HOST, _VOLUME)
