"""The joins that policies ask for; each is computed on the first question and kept, none is quadratic."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

import msgspec

from tidewaiter.core.context.images import ImageIndex
from tidewaiter.core.context.network import (
    INGRESS_GROUPS,
    Backend,
    Host,
    as_map,
    as_text,
    has_port,
    ingress_backends,
    ingress_hosts,
    service_selector,
)
from tidewaiter.core.context.selectors import LabelSelector, SelectorIndex, parse_selector
from tidewaiter.core.context.tree import Binding, Tree
from tidewaiter.core.model.dockerfile import Dockerfile
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.kubernetes import Container, KubernetesObject, Workload

_Key = tuple[str, str]
K = TypeVar("K")
V = TypeVar("V")


class Context:
    """One tree with its joins. Objects and workloads are told apart by identity, so equal copies may coexist."""

    def __init__(self, tree: Tree) -> None:
        """Stand for `tree`; nothing is computed yet."""
        self.tree = tree

    def objects_of(self, kind: str, group: str | None = None) -> tuple[KubernetesObject, ...]:
        """Return the objects of a kind in the order of the tree; of one API group only when it is given."""
        found = self._by_kind.get(kind, ())
        return tuple(found) if group is None else tuple(item for item in found if item.group == group)

    @cached_property
    def services(self) -> tuple[KubernetesObject, ...]:
        """Return the core Services."""
        return self.objects_of("Service", "")

    @cached_property
    def ingresses(self) -> tuple[KubernetesObject, ...]:
        """Return the Ingresses of every API version."""
        return tuple(item for item in self.objects_of("Ingress") if item.group in INGRESS_GROUPS)

    @cached_property
    def network_policies(self) -> tuple[KubernetesObject, ...]:
        """Return the NetworkPolicies of Kubernetes itself."""
        return tuple(item for item in self.objects_of("NetworkPolicy") if item.group in INGRESS_GROUPS)

    def namespace_of(self, name: str) -> KubernetesObject | None:
        """Return the Namespace object of that name, None when the tree does not define it."""
        return self._named.get(("Namespace", "", name))

    def is_closed(self, namespace: str) -> bool:
        """Tell whether absence can be concluded from: the tree defines the namespace or puts objects into it.

        Never true for a tree that is declared partial (decision 3, closed world).
        """
        return not self.tree.partial and namespace in self._defined_namespaces

    def is_production(self, namespace: str) -> bool:
        """Tell whether a namespace is production, by the tree's environment or the namespace's label."""
        if self.tree.environment == "production":
            return True
        found = self.namespace_of(namespace)
        return found is not None and found.labels.get("tidewaiter.dev/environment") == "production"

    def services_of(self, workload: Workload) -> tuple[KubernetesObject, ...]:
        """Return the Services whose selector picks the workload's pods."""
        index = self._service_index.get(workload.object.namespace)
        return index.matching(self._pod_labels(workload)) if index is not None else ()

    def workloads_of(self, service: KubernetesObject) -> tuple[Workload, ...]:
        """Return the workloads that a Service picks; none for `ExternalName` or without a selector."""
        return self._workloads_by_service.get(id(service), ())

    def ingresses_of(self, workload: Workload) -> tuple[KubernetesObject, ...]:
        """Return the Ingresses that send requests to a Service of the workload, each once."""
        found: dict[int, KubernetesObject] = {}
        for service in self.services_of(workload):
            for ingress in self._ingresses_by_service.get((service.namespace, service.name), ()):
                found.setdefault(id(ingress), ingress)
        return tuple(found.values())

    def backends_of(self, ingress: KubernetesObject) -> tuple[Backend, ...]:
        """Return the backends of an Ingress with their Services."""
        return tuple(self._joined(backend, ingress) for backend in ingress_backends(ingress))

    def hosts_of(self, ingress: KubernetesObject) -> tuple[Host, ...]:
        """Return the hosts of an Ingress's rules, one per rule."""
        return tuple(ingress_hosts(ingress))

    def network_policies_of(self, workload: Workload) -> tuple[KubernetesObject, ...]:
        """Return the NetworkPolicies that select the workload's pods."""
        index = self._policy_index.get(workload.object.namespace)
        return index.matching(self._pod_labels(workload)) if index is not None else ()

    def service_account_name_of(self, workload: Workload) -> str:
        """Return the name of the account the pods run as, `default` when none is written."""
        spec = workload.pod_spec
        return as_text(spec.get("serviceAccountName")) or as_text(spec.get("serviceAccount")) or "default"

    def service_account_of(self, workload: Workload) -> KubernetesObject | None:
        """Return the ServiceAccount object, None when the tree does not have it."""
        name = self.service_account_name_of(workload)
        return self._named.get(("ServiceAccount", workload.object.namespace, name))

    def automount_of(self, workload: Workload) -> bool | None:
        """Tell whether pods get an API token: the pod's field, else the account's, else yes.

        None when the account may say otherwise but is not in the tree.
        """
        written = workload.pod_spec.get("automountServiceAccountToken")
        if isinstance(written, bool):
            return written
        account = self.service_account_of(workload)
        if account is None:
            return True if self.is_closed(workload.object.namespace) else None
        of_account = account.raw.get("automountServiceAccountToken")
        return of_account if isinstance(of_account, bool) else True

    def image_of(self, container: Container) -> Image | None:
        """Return the facts of the image that a container runs, None when it was not given."""
        return self._image_index.find(container.image)

    def binding_of(self, image: Image) -> Binding | None:
        """Return the binding that names the image's Dockerfile, else any binding of the image."""
        bound = self._bindings.get(image.ref, ())
        return next((binding for binding in bound if binding.dockerfile), bound[0] if bound else None)

    def dockerfile_of(self, image: Image) -> Dockerfile | None:
        """Return the Dockerfile that makes the image, None when no binding names one of the tree."""
        binding = self.binding_of(image)
        return self._dockerfiles.get(binding.dockerfile) if binding is not None else None

    def images_of(self, dockerfile: Dockerfile) -> tuple[Image, ...]:
        """Return the images that the Dockerfile makes."""
        return tuple(image for image in self.tree.images if self.dockerfile_of(image) is dockerfile)

    def containers_of(self, image: Image) -> tuple[tuple[Workload, Container], ...]:
        """Return the containers that run the image, with their workloads."""
        return tuple(self._containers_by_image.get(id(image), ()))

    def find(self, kind: str, namespace: str, name: str) -> KubernetesObject | None:
        """Return the first object of that kind, namespace (empty for cluster-scoped kinds) and name."""
        return self._named.get((kind, namespace, name))

    def _pod_labels(self, workload: Workload) -> Mapping[str, str]:
        key = id(workload)
        if key not in self._labels:
            self._labels[key] = (workload, workload.pod_labels)
        return self._labels[key][1]

    def _joined(self, backend: Backend, ingress: KubernetesObject) -> Backend:
        if not backend.service:
            return backend
        target = self._named.get(("Service", ingress.namespace, backend.service))
        if target is None:
            return msgspec.structs.replace(backend, exists=False if self.is_closed(ingress.namespace) else None)
        return msgspec.structs.replace(backend, target=target, exists=True, port_exists=has_port(target, backend.port))

    @cached_property
    def _labels(self) -> dict[int, tuple[Workload, Mapping[str, str]]]:
        return {}

    @cached_property
    def _by_kind(self) -> Mapping[str, list[KubernetesObject]]:
        return _grouped((item.kind, item) for item in self.tree.objects)

    @cached_property
    def _named(self) -> Mapping[tuple[str, str, str], KubernetesObject]:
        named: dict[tuple[str, str, str], KubernetesObject] = {}
        for item in self.tree.objects:
            if item.kind == "Service" and item.group:
                continue
            named.setdefault((item.kind, item.namespace, item.name), item)
        return named

    @cached_property
    def _defined_namespaces(self) -> frozenset[str]:
        holding = {item.namespace for item in self.tree.objects if item.namespace}
        return frozenset(holding | {item.name for item in self.objects_of("Namespace", "")})

    @cached_property
    def _service_index(self) -> Mapping[str, SelectorIndex[KubernetesObject]]:
        return _indexes((item, service_selector(item)) for item in self.services)

    @cached_property
    def _policy_index(self) -> Mapping[str, SelectorIndex[KubernetesObject]]:
        return _indexes(
            (item, parse_selector(as_map(item.raw.get("spec")).get("podSelector"))) for item in self.network_policies
        )

    @cached_property
    def _workloads_by_service(self) -> Mapping[int, tuple[Workload, ...]]:
        pairs = ((id(service), workload) for workload in self.tree.workloads for service in self.services_of(workload))
        return {key: tuple(found) for key, found in _grouped(pairs).items()}

    @cached_property
    def _ingresses_by_service(self) -> Mapping[_Key, list[KubernetesObject]]:
        return _grouped(
            ((ingress.namespace, backend.service), ingress)
            for ingress in self.ingresses
            for backend in ingress_backends(ingress)
            if backend.service
        )

    @cached_property
    def _image_index(self) -> ImageIndex:
        return ImageIndex(self.tree.images, self.tree.bindings)

    @cached_property
    def _bindings(self) -> Mapping[str, list[Binding]]:
        return _grouped((binding.image, binding) for binding in self.tree.bindings)

    @cached_property
    def _dockerfiles(self) -> Mapping[str, Dockerfile]:
        return {dockerfile.path: dockerfile for dockerfile in self.tree.dockerfiles}

    @cached_property
    def _containers_by_image(self) -> Mapping[int, list[tuple[Workload, Container]]]:
        return _grouped(
            (id(image), (workload, container))
            for workload in self.tree.workloads
            for container in workload.containers
            if (image := self.image_of(container)) is not None
        )


def _indexes(
    entries: Iterable[tuple[KubernetesObject, LabelSelector]],
) -> dict[str, SelectorIndex[KubernetesObject]]:
    grouped = _grouped((item.namespace, (selector, item)) for item, selector in entries)
    return {namespace: SelectorIndex(pairs) for namespace, pairs in grouped.items()}


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
