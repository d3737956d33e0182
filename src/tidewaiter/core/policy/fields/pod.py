"""Records of the parts of a pod that are no subjects themselves: node namespaces and volumes."""

from tidewaiter.core.policy.fields.base import Field, Record, View, given, mapping, text

_VOLUME_TYPE_DEFAULT = "emptyDir"


_HOST = Record(
    "host",
    "Namespaces of the node that the pods share.",
    (
        Field(
            "network",
            "bool",
            "`hostNetwork`, false by default.",
            lambda v: v.fact.get("hostNetwork") is True,
            cel="podSpec.?hostNetwork.orValue(false)",
        ),
        Field(
            "pid",
            "bool",
            "`hostPID`, false by default.",
            lambda v: v.fact.get("hostPID") is True,
            cel="podSpec.?hostPID.orValue(false)",
        ),
        Field(
            "ipc",
            "bool",
            "`hostIPC`, false by default.",
            lambda v: v.fact.get("hostIPC") is True,
            cel="podSpec.?hostIPC.orValue(false)",
        ),
        Field(
            "users",
            "bool",
            "`hostUsers`: true (the default) without a user namespace.",
            lambda v: v.fact.get("hostUsers") is not False,
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
