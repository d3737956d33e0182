"""What a tree knows of a finding's subject, for owners and exceptions."""

from collections.abc import Sequence
from functools import cached_property

from tidewaiter.core.context import Context
from tidewaiter.core.finding import Finding
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.kubernetes import KubernetesObject, Workload
from tidewaiter.core.policy.selector import Traits


class TreeSurroundings:
    """Answers `core.owner.Surroundings` from the context; every index is made once."""

    def __init__(self, context: Context) -> None:
        """Stand for one tree."""
        self._context = context

    def workloads_of(self, finding: Finding) -> Sequence[Workload]:
        """Return the workload that was judged, or those that run the image that was judged, each once."""
        judged = self._workloads.get(finding.subject.ref)
        if judged is not None:
            return (judged,)
        image = self.image_of(finding)
        if image is None:
            return ()
        return tuple({workload.ref: workload for workload, _ in self._context.containers_of(image)}.values())

    def object_of(self, finding: Finding) -> KubernetesObject | None:
        """Return the object that was judged."""
        return self._objects.get(finding.subject.ref)

    def namespace_of(self, name: str) -> KubernetesObject | None:
        """Return the Namespace object of that name."""
        return self._context.namespace_of(name)

    def image_of(self, finding: Finding) -> Image | None:
        """Return the image that was judged, or that the judged container runs."""
        subject = finding.subject
        for name in (subject.image, subject.ref, finding.location.image or ""):
            if name in self._images:
                return self._images[name]
        workload = self._workloads.get(subject.ref)
        container = (
            next((one for one in workload.containers if one.name == subject.container), None) if workload else None
        )
        return self._context.image_of(container) if container is not None else None

    def paths_of(self, finding: Finding) -> Sequence[str]:
        """Return the files of the tree that the finding is about: its own place, its Dockerfile, what runs its image."""
        places = (finding.location, *finding.related)
        paths = [place.file for place in places if place.file and not place.image]
        image = self.image_of(finding)
        dockerfile = self._context.dockerfile_of(image) if image is not None else None
        paths += [dockerfile.path] if dockerfile else []
        paths += [workload.object.file for workload in self.workloads_of(finding) if workload.object.file]
        return tuple(dict.fromkeys(paths))

    def traits_of(self, finding: Finding) -> Traits:
        """Return what selectors can see of the subject."""
        subject = finding.subject
        judged = self.object_of(finding)
        namespace = judged.namespace if judged is not None else subject.namespace
        found = self._context.namespace_of(namespace) if namespace else None
        image = self.image_of(finding)
        return Traits(
            namespace=namespace or None,
            namespace_labels=found.labels if found is not None else None,
            kind=judged.kind if judged is not None else subject.kind,
            name=judged.name if judged is not None else subject.ref,
            labels=judged.labels if judged is not None else None,
            container=subject.container or None,
            image=subject.image or (image.ref if image is not None else None) or None,
            digest=image.digest if image is not None and image.digest else None,
        )

    @cached_property
    def _objects(self) -> dict[str, KubernetesObject]:
        return {found.ref: found for found in reversed(self._context.tree.objects)}

    @cached_property
    def _workloads(self) -> dict[str, Workload]:
        return {workload.ref: workload for workload in reversed(self._context.tree.workloads)}

    @cached_property
    def _images(self) -> dict[str, Image]:
        return {image.ref: image for image in reversed(self._context.tree.images)}
