"""Everything that is judged together."""

from collections.abc import Mapping

import msgspec

from tidewaiter.core.model.dockerfile import Dockerfile
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.kubernetes import KubernetesObject, Workload
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Coverage, Vulnerability


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """Says that an image name of the manifests is this image, and which Dockerfile makes it."""

    name: str
    """As used in manifests; without a tag it stands for every tag and digest of the name."""
    image: str = ""
    """`Image.ref` of the bound image; empty when only the Dockerfile is known."""
    dockerfile: str = ""
    """Path of the Dockerfile in the tree."""
    target: str = ""
    """Build stage that becomes the image; empty for the last one."""


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of one repository and its images."""

    root: str = ""
    partial: bool = False
    """True when other manifests of the same namespaces live elsewhere."""
    environment: str = ""
    objects: tuple[KubernetesObject, ...] = ()
    workloads: tuple[Workload, ...] = ()
    dockerfiles: tuple[Dockerfile, ...] = ()
    images: tuple[Image, ...] = ()
    packages: tuple[Package, ...] = ()
    """Locked packages of the tree's lock files."""
    vulnerabilities: Mapping[str, tuple[Vulnerability, ...]] = {}
    """By image reference; the empty key holds those of the lock files."""
    coverage: Coverage | None = None
    codeowners: tuple[str, ...] | None = None
    """Lines of the CODEOWNERS file, comments included; None without one."""
    bindings: tuple[Binding, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
