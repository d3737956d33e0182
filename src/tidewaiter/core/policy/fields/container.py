"""Subject `container`: one container of a pod template, its effective security context, env, mounts and ports."""

from typing import TYPE_CHECKING, Any

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.policy.fields import references, workload
from tidewaiter.core.policy.fields.base import (
    ABSENT,
    Field,
    Place,
    Record,
    Subject,
    Variable,
    View,
    given,
    mapping,
    sequence,
    text,
    unknown,
)
from tidewaiter.core.policy.fields.security import SECURITY_RECORDS
from tidewaiter.core.policy.selector import Traits
from tidewaiter.core.policy.world import World

if TYPE_CHECKING:
    from tidewaiter.core.model.kubernetes import Container


def _raw(view: View) -> Any:
    return view.fact.raw


def _own(key: str) -> Any:
    return lambda view: given(view.fact.raw.get(key))


def _texts(key: str) -> Any:
    return lambda view: tuple(text(part) for part in sequence(view.fact.raw.get(key)))


def _elements(record: str, key: str) -> Any:
    def compute(view: View) -> Any:
        return tuple(
            view.world.part(record, element, view, f"{view.fact.pointer}/{key}/{index}")
            for index, element in enumerate(sequence(view.fact.raw.get(key)))
            if isinstance(element, dict)
        )

    return compute


def _amounts(key: str) -> Any:
    return lambda view: {name: text(value) for name, value in mapping(view.fact.get(key)).items()}


def _image(view: View) -> Any:
    image = view.world.context.image_of(view.fact)
    if image is None:
        name = view.fact.image
        if not name:
            return unknown(f"container {view.fact.name or '(unnamed)'} names no image")
        return unknown(f"image {name} was not given; pass --image {name}=PATH")
    return view.world.view("image", image)


def _env_source(view: View) -> tuple[str, Any]:
    sources = mapping(view.fact.get("valueFrom"))
    for key, name in (("secretKeyRef", "secret"), ("configMapKeyRef", "configmap"), ("fieldRef", "field")):
        if key in sources:
            return name, mapping(sources[key])
    return ("other", {}) if sources else ("literal", {})


def _mounted(view: View) -> Any:
    name = view.fact.get("name")
    for volume in view.above.above["volumes"]:
        if volume.fact.get("name") == name:
            return volume
    return ABSENT


ENV = Record(
    "env",
    "One environment variable of a container.",
    (
        Field("name", "string", "Its name.", lambda v: text(v.fact.get("name"))),
        Field(
            "value",
            "string",
            "The literal value; absent when it comes from elsewhere.",
            lambda v: ABSENT if v.fact.get("value") is None else text(v.fact["value"]),
        ),
        Field("from", "string", "`literal`, `secret`, `configmap`, `field` or `other`.", lambda v: _env_source(v)[0]),
        Field(
            "source",
            "string",
            "Name of the Secret or ConfigMap it is read from; absent for others.",
            lambda v: given(_env_source(v)[1].get("name")),
        ),
        Field("path", "string", "JSON Pointer of the entry in its object.", lambda v: v.pointer),
    ),
    key=lambda v: v["name"],
)

MOUNT = Record(
    "mount",
    "One volume mount of a container.",
    (
        Field("name", "string", "Name of the volume.", lambda v: text(v.fact.get("name"))),
        Field("mountPath", "string", "Where it appears in the container.", lambda v: text(v.fact.get("mountPath"))),
        Field(
            "readOnly", "bool", "True when the container cannot write to it.", lambda v: v.fact.get("readOnly") is True
        ),
        Field("volume", "volume", "The pod's volume; absent when the pod declares none of that name.", _mounted),
        Field("path", "string", "JSON Pointer of the entry in its object.", lambda v: v.pointer),
    ),
    key=lambda v: f"{v['name']} {v['mountPath']}",
)

PORT = Record(
    "port",
    "One port that a container declares.",
    (
        Field("name", "string", "Its name; empty when it has none.", lambda v: text(v.fact.get("name"))),
        Field("containerPort", "int", "Port in the pod.", lambda v: given(v.fact.get("containerPort"))),
        Field("hostPort", "int", "Port on the node; 0 when none.", lambda v: v.fact.get("hostPort") or 0),
        Field("protocol", "string", "`TCP` by default.", lambda v: text(v.fact.get("protocol")) or "TCP"),
        Field("path", "string", "JSON Pointer of the entry in its object.", lambda v: v.pointer),
    ),
    key=lambda v: f"{v['protocol']} {v.fact.get('containerPort')}",
)

RESOURCES = Record(
    "resources",
    "What a container asks for and is held to; amounts as written.",
    (
        Field("limits", "map(string, string)", "`cpu`, `memory` and others as far as set.", _amounts("limits")),
        Field("requests", "map(string, string)", "`cpu`, `memory` and others as far as set.", _amounts("requests")),
    ),
)

CONTAINER = Record(
    "container",
    "One container of a pod template.",
    (
        Field("name", "string", "Its name.", lambda v: v.fact.name, cel="self.name"),
        Field("kind", "string", "`init`, `sidecar`, `regular` or `ephemeral`.", lambda v: v.fact.kind),
        Field(
            "image", "string", "The image reference as written.", lambda v: v.fact.image, cel="self.?image.orValue('')"
        ),
        Field(
            "imageRef",
            "imageRef",
            "The reference taken apart.",
            lambda v: v.world.part("imageRef", references.split(v.fact.image), v),
        ),
        Field("imagePullPolicy", "string", "As written; absent when not set.", _own("imagePullPolicy")),
        Field(
            "security",
            "security",
            "The effective security context: container over pod over Kubernetes' defaults.",
            lambda v: v.world.part("security", v.fact, v),
        ),
        Field(
            "resources",
            "resources",
            "Limits and requests.",
            lambda v: v.world.part("resources", mapping(v.fact.raw.get("resources")), v),
        ),
        Field("env", "list(env)", "Environment variables that the manifest sets.", _elements("env", "env")),
        Field("mounts", "list(mount)", "Volume mounts.", _elements("mount", "volumeMounts")),
        Field("ports", "list(port)", "Declared ports.", _elements("port", "ports")),
        Field(
            "command",
            "list(string)",
            "Replaces the image's entry point.",
            _texts("command"),
            cel="self.?command.orValue([])",
        ),
        Field("args", "list(string)", "Replaces the image's arguments.", _texts("args"), cel="self.?args.orValue([])"),
        Field(
            "hasLivenessProbe",
            "bool",
            "True when a liveness probe is set.",
            lambda v: bool(v.fact.raw.get("livenessProbe")),
            cel="has(self.livenessProbe)",
        ),
        Field(
            "hasReadinessProbe",
            "bool",
            "True when a readiness probe is set.",
            lambda v: bool(v.fact.raw.get("readinessProbe")),
            cel="has(self.readinessProbe)",
        ),
        Field("raw", "dyn", "The container as written.", _raw, cel="self"),
        Field("path", "string", "JSON Pointer of the container in its object.", lambda v: v.fact.pointer),
    ),
    key=lambda v: v.fact.name,
)

RECORDS = (CONTAINER, ENV, MOUNT, PORT, RESOURCES, *SECURITY_RECORDS)


def _members(world: World) -> Any:
    for view in world.workloads():
        yield from view["containers"]


def reference(view: View) -> SubjectRef:
    """Return the reference of a container: its owner object and its name."""
    owner, container = view.above.fact.object, view.fact
    return SubjectRef(
        kind="container", ref=owner.ref, namespace=owner.namespace, container=container.name, image=container.image
    )


def _traits(view: View) -> Traits:
    container: Container = view.fact
    traits = workload.traits(view.above)
    image = view.world.context.image_of(container) if container.image else None
    return Traits(
        namespace=traits.namespace,
        namespace_labels=traits.namespace_labels,
        kind=traits.kind,
        name=traits.name,
        labels=traits.labels,
        container=container.name,
        image=container.image,
        digest=image.digest if image is not None else None,
    )


SUBJECT = Subject(
    id="container",
    doc="Judged once per container of every workload: init, sidecar, regular and ephemeral.",
    record="container",
    parents=(
        Variable("workload", "workload", "The workload that runs it.", lambda v: v.above),
        Variable("image", "image", "Its image; unknown when no archive was given for it.", _image),
        Variable("namespace", "namespace", "The workload's namespace.", lambda v: workload.namespace(v.above)),
    ),
    members=_members,
    reference=reference,
    traits=_traits,
    place=lambda v: Place(object=v.above.fact.object, pointer=v.fact.pointer),
    evidence=lambda v: workload.evidence(v.above),
)
