"""Subject `workload`: whatever makes pods, with its containers, volumes and everything of the tree that joins it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import (
    ABSENT,
    Field,
    Place,
    Record,
    Subject,
    Variable,
    View,
    mapping,
    sequence,
    unknown,
)
from tidewaiter.core.policy.fields.pod import POD_RECORDS
from tidewaiter.core.policy.selector import Traits

if TYPE_CHECKING:
    from tidewaiter.core.model.kubernetes import Workload


def _containers(view: View) -> Any:
    return tuple(view.world.view("container", container, view) for container in view.fact.containers)


def _volumes(view: View) -> Any:
    pointer = f"{view.fact.spec_pointer}/volumes"
    return tuple(
        view.world.part("volume", volume, view, f"{pointer}/{index}")
        for index, volume in enumerate(sequence(view.fact.pod_spec.get("volumes")))
        if isinstance(volume, Mapping)
    )


def _spec(key: str, default: Any) -> Any:
    def compute(view: View) -> Any:
        value = view.fact.pod_spec.get(key)
        return default if value is None else value

    return compute


def _joined(method: str, record: str, what: str) -> Any:
    """Compute a collection that is complete only where the tree is."""

    def compute(view: View) -> Any:
        open_world = view.world.open_world(view.fact.object.namespace, what)
        if open_world is not None:
            return open_world
        return view.world.views(record, getattr(view.world.context, method)(view.fact))

    return compute


def _service_account_name(view: View) -> str:
    return view.world.context.service_account_name_of(view.fact)


def _service_account(view: View) -> Any:
    found = view.world.context.service_account_of(view.fact)
    return ABSENT if found is None else view.world.view("serviceaccount", found)


def _automount(view: View) -> Any:
    """Return the pod's field, else the ServiceAccount's, else true; unknown when that account cannot be seen."""
    found = view.world.context.automount_of(view.fact)
    if found is None:
        return unknown(f"ServiceAccount {_service_account_name(view)} is not in the tree, which may be partial")
    return found


def _bindings(view: View) -> Any:
    """Return the RoleBindings and ClusterRoleBindings that name the workload's ServiceAccount."""
    open_world = view.world.open_world(view.fact.object.namespace, "role bindings")
    if open_world is not None:
        return open_world
    return common.bindings_of(view.world, view.fact.object.namespace, _service_account_name(view))


def _is_exposed(view: View) -> Any:
    """Return whether traffic from outside the cluster is led to the workload; what is known decides before what is not.

    On the node's network every declared port is one of the node; a pod there that declares none is not taken to listen.
    """
    ports = [port for container in view["containers"] for port in container["ports"]]
    if any(port["hostPort"] for port in ports) or (ports and view.fact.pod_spec.get("hostNetwork") is True):
        return True
    context = view.world.context
    if any(
        mapping(service.raw.get("spec")).get("type") in {"NodePort", "LoadBalancer"}
        for service in context.services_of(view.fact)
    ):
        return True
    if context.ingresses_of(view.fact):
        return True
    return view.world.open_world(view.fact.object.namespace, "services and ingresses") or False


def namespace(view: View) -> View:
    """Return the view of the namespace that a namespaced object lives in, whether or not the tree defines it."""
    return common.namespace_view(view.world, view.fact.object.namespace)


WORKLOAD = Record(
    "workload",
    "Whatever makes pods, seen in one shape.",
    (
        *common.OBJECT_FIELDS,
        Field("podLabels", "map(string, string)", "Labels of the pod template.", lambda v: v.fact.pod_labels),
        Field(
            "podAnnotations",
            "map(string, string)",
            "Annotations of the pod template.",
            lambda v: v.fact.pod_annotations,
        ),
        Field(
            "replicas",
            "int",
            "`spec.replicas`, 1 when not set.",
            lambda v: 1 if (n := mapping(v.fact.object.raw.get("spec")).get("replicas")) is None else n,
            cel="object.?spec.?replicas.orValue(1)",
        ),
        Field("containers", "list(container)", "Containers of every kind: init, regular, ephemeral.", _containers),
        Field("volumes", "list(volume)", "Volumes of the pod.", _volumes),
        Field(
            "host", "host", "Node namespaces that the pods share.", lambda v: v.world.part("host", v.fact.pod_spec, v)
        ),
        Field(
            "serviceAccountName",
            "string",
            "`default` when not set.",
            _service_account_name,
            cel="podSpec.?serviceAccountName.or(podSpec.?serviceAccount).orValue('default')",
        ),
        Field(
            "serviceAccount",
            "serviceaccount",
            "The ServiceAccount; absent when the tree does not hold it.",
            _service_account,
        ),
        Field(
            "automountToken",
            "bool",
            "Whether an API token is mounted: pod field, else ServiceAccount, else true.",
            _automount,
        ),
        Field(
            "roleBindings",
            "list(binding)",
            "Bindings that give its ServiceAccount rights; unknown outside a closed namespace.",
            _bindings,
        ),
        Field(
            "services",
            "list(service)",
            "Services whose selector picks its pods; unknown outside a closed namespace.",
            _joined("services_of", "service", "services"),
        ),
        Field(
            "ingresses",
            "list(ingress)",
            "Ingresses that lead to one of its services; unknown outside a closed namespace.",
            _joined("ingresses_of", "ingress", "ingresses"),
        ),
        Field(
            "networkPolicies",
            "list(networkpolicy)",
            "NetworkPolicies that select its pods; unknown outside a closed namespace.",
            _joined("network_policies_of", "networkpolicy", "network policies"),
        ),
        Field(
            "isExposed",
            "bool",
            "True when a node port, load balancer, ingress, host port or the host's network leads to it from outside.",
            _is_exposed,
        ),
        Field(
            "owner",
            "string",
            "Who is named as owner by pod template, object or namespace; absent when nobody is.",
            lambda v: common.owner(v.fact.pod_annotations, v.fact.object, v.world),
        ),
        Field("podSpec", "dyn", "The pod spec as written.", lambda v: v.fact.pod_spec, cel="podSpec"),
        Field("podPath", "string", "JSON Pointer of the pod spec in the object.", lambda v: v.fact.spec_pointer),
        Field(
            "templatePath",
            "string",
            "JSON Pointer of the pod template in the object; empty for a Pod.",
            lambda v: v.fact.template_pointer,
        ),
    ),
    key=lambda v: v.fact.ref,
)

RECORDS = (WORKLOAD, *POD_RECORDS)


def reference(view: View) -> SubjectRef:
    """Return the owner object's reference."""
    owner = view.fact.object
    return SubjectRef(kind="workload", ref=owner.ref, namespace=owner.namespace)


def traits(view: View) -> Traits:
    """Return what selectors see; labels are those of the object and of its pods."""
    fact: Workload = view.fact
    base = common.object_traits(view)
    labels = {**fact.pod_labels, **fact.object.labels}
    return Traits(
        namespace=base.namespace, namespace_labels=base.namespace_labels, kind=base.kind, name=base.name, labels=labels
    )


def evidence(view: View) -> tuple[tuple[str, Any], ...]:
    """Return whether the workload is exposed, when that is known."""
    exposed = view["isExposed"]
    return (("exposed", exposed),) if isinstance(exposed, bool) else ()


SUBJECT = Subject(
    id="workload",
    doc="Judged once per object that makes pods.",
    record="workload",
    parents=(Variable("namespace", "namespace", "Its namespace.", namespace),),
    members=lambda world: world.workloads(),
    reference=reference,
    traits=traits,
    place=lambda v: Place(object=v.fact.object),
    evidence=evidence,
)
