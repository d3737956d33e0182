"""What every subject made of a Kubernetes object shares: its fields, its traits, its place, its namespace, its owner."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import structs

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.kubernetes import KubernetesObject, Workload
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.policy.fields.base import ABSENT, Field, Place, Subject, Variable, View, mapping, sequence, unknown
from tidewaiter.core.policy.selector import Traits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.core.policy.world import World

OWNER_KEYS = ("tidewaiter.dev/owner", "owner", "team", "contact", "app.kubernetes.io/owner")
"""Annotation and label keys that name an owner, the first that is set wins (decision 2)."""


def object_of(view: View) -> KubernetesObject:
    """Return the Kubernetes object behind a view of an object or of a workload."""
    fact = view.fact
    return fact.object if isinstance(fact, Workload) else fact


def _from_object(read: Callable[[KubernetesObject], Any]) -> Callable[[View], Any]:
    return lambda view: read(object_of(view))


OBJECT_FIELDS = (
    Field("apiVersion", "string", "As written.", _from_object(lambda o: o.api_version), cel="object.apiVersion"),
    Field("group", "string", "API group, empty for core.", _from_object(lambda o: o.group)),
    Field("kind", "string", "As written.", _from_object(lambda o: o.kind), cel="object.kind"),
    Field(
        "name", "string", "`metadata.name`.", _from_object(lambda o: o.name), cel="object.metadata.?name.orValue('')"
    ),
    Field(
        "namespace",
        "string",
        "`default` for namespaced objects that name none; empty for cluster-scoped ones.",
        _from_object(lambda o: o.namespace),
    ),
    Field(
        "ref",
        "string",
        "`kind/name`, with the namespace in front unless it is `default`.",
        _from_object(lambda o: o.ref),
    ),
    Field(
        "labels",
        "map(string, string)",
        "Labels of the object.",
        _from_object(lambda o: o.labels),
        cel="object.metadata.?labels.orValue({})",
    ),
    Field(
        "annotations",
        "map(string, string)",
        "Annotations of the object.",
        _from_object(lambda o: o.annotations),
        cel="object.metadata.?annotations.orValue({})",
    ),
    Field("raw", "dyn", "The object as written.", _from_object(lambda o: o.raw), cel="object"),
    Field(
        "file",
        "string",
        "Path of its file in the tree; empty when it comes from a cluster.",
        _from_object(lambda o: o.file),
    ),
)


class NamespaceFact(msgspec.Struct, frozen=True, kw_only=True):
    """A namespace that objects live in, with its own object when the tree holds it."""

    name: str
    object: KubernetesObject | None
    is_closed: bool


def namespace_view(world: "World", name: str) -> View:
    """Return the one view of a namespace."""
    return world.named(
        "namespace",
        name,
        lambda: NamespaceFact(
            name=name, object=world.context.namespace_of(name), is_closed=world.context.is_closed(name)
        ),
    )


def namespace_labels(world: "World", name: str) -> Mapping[str, str]:
    """Return the namespace's labels, none when the tree does not hold its object."""
    found = world.context.namespace_of(name) if name else None
    return found.labels if found is not None else {}


def object_traits(view: View) -> Traits:
    """Return what selectors see of an object."""
    found = object_of(view)
    labels = namespace_labels(view.world, found.namespace)
    return Traits(
        namespace=found.namespace or None,
        namespace_labels=labels,
        kind=found.kind,
        name=found.name,
        labels=found.labels,
    )


def owner(pod_annotations: Mapping[str, str], found: KubernetesObject, world: "World") -> Any:
    """Return the owner named by pod template, object or namespace, or `ABSENT`."""
    space = world.context.namespace_of(found.namespace) if found.namespace else None
    places = [pod_annotations, found.annotations, found.labels]
    if space is not None:
        places += [space.annotations, space.labels]
    for place in places:
        for key in OWNER_KEYS:
            if place.get(key, "").strip():
                return place[key].strip()
    return ABSENT


def bindings_of(world: "World", namespace: str, account: str) -> tuple[View, ...]:
    """Return the bindings of the tree that name a ServiceAccount, directly or by one of its groups."""
    groups = {"system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated"}
    found = []
    for view in world.views(
        "binding", (*world.context.objects_of("RoleBinding"), *world.context.objects_of("ClusterRoleBinding"))
    ):
        for subject in sequence(view.fact.raw.get("subjects")):
            one = mapping(subject)
            named = one.get("kind") == "ServiceAccount" and one.get("name") == account
            if (named and one.get("namespace", view.fact.namespace) == namespace) or (
                one.get("kind") == "Group" and one.get("name") in groups
            ):
                found.append(view)
                break
    return tuple(found)


def object_subject(subject: str, doc: str, kinds: tuple[str, ...], parents: tuple[Variable, ...] = ()) -> Subject:
    """Return a subject whose members are the objects of these kinds; all kinds when none is named."""

    def members(world: "World") -> "Iterable[View]":
        objects = [found for kind in kinds for found in world.context.objects_of(kind)]
        return world.views(subject, objects)

    def reference(view: View) -> SubjectRef:
        found = object_of(view)
        return SubjectRef(kind=subject, ref=found.ref, namespace=found.namespace)

    space = Variable(
        "namespace", "namespace", "Its namespace.", lambda view: namespace_view(view.world, object_of(view).namespace)
    )
    return Subject(
        id=subject,
        doc=doc,
        record=subject,
        parents=(space, *parents),
        members=members,
        reference=reference,
        traits=object_traits,
        place=lambda view: Place(object=object_of(view)),
    )


def vulnerability_views(world: "World", ref: str, image: View | None) -> Any:
    """Return the vulnerabilities of an image, or of the lock files for the empty name, without the suppressed ones."""
    found = world.context.tree.vulnerabilities.get(ref)
    if found is None:
        if ref == "" and not world.context.tree.packages:
            return ()
        return unknown("no advisory data was read; run `tidewaiter db update` or `tidewaiter db import`")
    return world.views("vulnerability", [one for one in found if not one.suppressed], image)


def exposure(image: View) -> tuple[tuple[str, Any], ...]:
    """Return whether a container that runs the image is exposed, and by which workload, as far as that is known."""
    known = [(container.above, container.above["isExposed"]) for container in image["containers"]]
    exposing = next((workload for workload, exposed in known if exposed is True), None)
    if exposing is not None:
        return ("exposed", True), ("exposedBy", exposing.fact.ref)
    if known and all(exposed is False for _, exposed in known):
        return (("exposed", False),)
    return ()


def stage_names(dockerfile: View, before: int | None = None) -> tuple[str, ...]:
    """Return the names of a Dockerfile's stages, of those that begin before a line when one is given."""
    return tuple(
        i.name
        for i in dockerfile.fact.instructions
        if i.keyword == "FROM" and i.name and (before is None or i.line < before)
    )


def package_place(world: "World", package: Package, image: View | None) -> dict[str, Any]:
    """Return location and related places of a package: where it is pinned comes first, since it is fixed there."""
    if image is None or package.location is None:
        return {"location": package.location}
    pin = world.pin_of(package)
    if pin is None or pin.location is None:
        return image_place(package.location, image.fact)
    places = image_place(package.location, image.fact)
    return {"location": pin.location, "related": (places["location"], *places.get("related", ()))}


def image_place(location: Location, image: Image) -> dict[str, Any]:
    """Return a place of an image; the Dockerfile line that made its layer comes first when it is known."""
    inside = location if location.image else structs.replace(location, image=image.ref)
    layer = (
        next((one for one in image.layers if one.index == location.layer), None) if location.layer is not None else None
    )
    if layer is None or layer.instruction is None:
        return {"location": inside}
    return {"location": layer.instruction, "related": (inside,)}
