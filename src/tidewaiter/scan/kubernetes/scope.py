"""Which kinds live outside namespaces (kubernetes/kubernetes: `kubectl api-resources --namespaced=false`), as data."""

from collections.abc import Iterable, Mapping
from typing import Any

CLUSTER_KINDS = frozenset(
    {
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterTrustBundle",
        "ComponentStatus",
        "CustomResourceDefinition",
        "DeviceClass",
        "FlowSchema",
        "GatewayClass",
        "IPAddress",
        "IngressClass",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "NodeClass",
        "NodePool",
        "PersistentVolume",
        "PodSecurityPolicy",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "ResourceSlice",
        "RuntimeClass",
        "SecurityContextConstraints",
        "ServiceCIDR",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeAttributesClass",
        "VolumeSnapshotClass",
    }
)


def cluster_kinds_of(documents: Iterable[Any]) -> frozenset[str]:
    """Return the kinds that CustomResourceDefinitions among `documents` declare as cluster-scoped."""
    found = set()
    for document in documents:
        if isinstance(document, Mapping) and document.get("kind") == "CustomResourceDefinition":
            spec = document.get("spec")
            names = spec.get("names") if isinstance(spec, Mapping) else None
            kind = names.get("kind") if isinstance(names, Mapping) else None
            if isinstance(spec, Mapping) and spec.get("scope") == "Cluster" and isinstance(kind, str):
                found.add(kind)
    return frozenset(found)


def is_cluster_scoped(kind: str, declared: frozenset[str]) -> bool:
    """Tell whether objects of `kind` have no namespace; custom kinds by their definition, else by name."""
    return kind in CLUSTER_KINDS or kind in declared or kind.startswith("Cluster")
