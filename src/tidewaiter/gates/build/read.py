"""Reads a tree and its images into facts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tidewaiter.core.context import Binding, Tree
from tidewaiter.core.model.dockerfile import Dockerfile
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.kubernetes import KubernetesObject
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.gates.build.bases import with_base
from tidewaiter.gates.build.images import match, read_one
from tidewaiter.gates.build.request import CheckRequest
from tidewaiter.gates.build.support import with_end_of_life
from tidewaiter.gates.build.tools import ImageInput, Tools
from tidewaiter.ports.files import FileTree
from tidewaiter.ports.images import ImageError
from tidewaiter.scan.dockerfile import align, parse
from tidewaiter.scan.kubernetes import read_manifests, workloads
from tidewaiter.scan.lockfiles import LockfileTree
from tidewaiter.scan.tree_files import FileKind, file_kind

_PROGRESS_EVERY = 200
"""Files between two messages; more would slow a tree of many small files down."""


@dataclass(slots=True)
class _Files:
    """Facts of the files, in their order."""

    objects: list[KubernetesObject] = field(default_factory=list)
    dockerfiles: list[Dockerfile] = field(default_factory=list)
    packages: list[Package] = field(default_factory=list)
    codeowners: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknowns: list[Unknown] = field(default_factory=list)


def read_facts(request: CheckRequest, files: FileTree, tools: Tools) -> tuple[Tree, str]:
    """Return all facts of the tree and its images, and the path of the CODEOWNERS file that counts."""
    read = _read_files(files, tools)
    images, bindings, unknowns = _read_images(request, read.dockerfiles, tools)
    codeowners = min(read.codeowners, key=lambda path: (path.count("/"), path), default="")
    vulnerabilities, coverage, open_questions = match(images, read.packages, tools)
    tree = Tree(
        root=request.root,
        partial=request.configuration.is_partial,
        environment=request.environment,
        objects=tuple(read.objects),
        workloads=workloads(read.objects),
        dockerfiles=tuple(read.dockerfiles),
        images=images,
        packages=tuple(read.packages),
        vulnerabilities=vulnerabilities,
        coverage=coverage,
        codeowners=read.codeowners.get(codeowners),
        bindings=bindings,
        unknowns=(*read.unknowns, *unknowns, *open_questions),
    )
    return tree, codeowners


def _read_files(files: FileTree, tools: Tools) -> _Files:
    read = _Files()
    lockfiles = LockfileTree()
    for number, (path, data) in enumerate(files):
        if number % _PROGRESS_EVERY == 0:
            tools.progress(f"reading {path}")
        match file_kind(path):
            case FileKind.MANIFEST:
                manifests = read_manifests(data, path)
                read.objects.extend(manifests.objects)
                read.unknowns.extend(manifests.unknowns)
            case FileKind.DOCKERFILE:
                dockerfile = parse(data, path)
                read.dockerfiles.append(dockerfile)
                read.unknowns.extend(dockerfile.unknowns)
            case FileKind.LOCKFILE:
                lockfiles.add(data, path)
            case FileKind.CODEOWNERS:
                read.codeowners[path] = tuple(data.decode("utf-8", "replace").splitlines())
            case None:
                pass
    locked = lockfiles.result()
    read.packages.extend(locked.packages)
    read.unknowns.extend(locked.unknowns)
    read.unknowns.extend(files.unknowns)
    return read


def _read_images(
    request: CheckRequest, dockerfiles: Sequence[Dockerfile], tools: Tools
) -> tuple[tuple[Image, ...], tuple[Binding, ...], list[Unknown]]:
    images: list[Image] = []
    bindings: list[Binding] = []
    unknowns: list[Unknown] = []
    by_path = {dockerfile.path: dockerfile for dockerfile in dockerfiles}
    for wanted in request.images:
        dockerfile = by_path.get(wanted.dockerfile)
        if wanted.dockerfile and dockerfile is None:
            unknowns.append(_no_dockerfile(wanted))
        if not wanted.reference:
            bindings.append(Binding(name=wanted.name, dockerfile=wanted.dockerfile, target=wanted.target))
            continue
        try:
            image = read_one(wanted, tools)
        except ImageError as error:
            if wanted.required:
                raise
            unknowns.append(Unknown(subject=f"image {wanted.name}", reason=str(error), advice=error.advice))
            continue
        if dockerfile is not None:
            image = align(image, dockerfile, wanted.target or None)
        image = with_end_of_life(with_base(image, tools.bases), tools.advisories)
        images.append(image)
        unknowns.extend(image.unknowns)
        names = (wanted.name,) if wanted.name else image.tags
        bindings.extend(
            Binding(name=name, image=image.ref, dockerfile=wanted.dockerfile, target=wanted.target) for name in names
        )
    return tuple(images), tuple(bindings), unknowns


def _no_dockerfile(wanted: ImageInput) -> Unknown:
    return Unknown(
        subject=f"Dockerfile of {wanted.name or wanted.reference}",
        reason=f"the tree holds no `{wanted.dockerfile}`",
        advice="correct `dockerfile` under `images` in .tidewaiter.yaml",
    )
