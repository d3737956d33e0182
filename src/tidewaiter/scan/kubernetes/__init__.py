"""Kubernetes manifests: text becomes objects, objects become workloads."""

from tidewaiter.scan.kubernetes.manifests import Manifests, read_manifests
from tidewaiter.scan.kubernetes.workloads import workloads

__all__ = ["Manifests", "read_manifests", "workloads"]
