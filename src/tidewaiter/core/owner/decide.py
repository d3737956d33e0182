"""The order in which an owner is looked for; the first valid one wins, and the rule that named it is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import msgspec

from tidewaiter.core.finding import Finding, Owner
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.kubernetes import KubernetesObject, Workload
from tidewaiter.core.owner.codeowners import CodeOwners
from tidewaiter.core.owner.paths import PathPattern
from tidewaiter.core.owner.value import is_routable, normalised
from tidewaiter.core.policy.selector import Selector, Traits

KEYS: Final = ("tidewaiter.dev/owner", "owner", "team", "contact", "app.kubernetes.io/owner")
"""Annotation and label keys, in this order (decision 2); `app.kubernetes.io/managed-by` is not an owner."""
_IMAGE_LABELS: Final = (*KEYS[:1], "org.opencontainers.image.authors", "org.opencontainers.image.vendor")
"""Labels by which an image names its people (OCI image-spec: annotations.md)."""
_OF_IMAGES: Final = frozenset({"image", "package", "vulnerability", "credential", "instruction"})


class OwnerRule(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `owners:` in the configuration: a path pattern or a selector, and whom it names."""

    owner: str
    name: str
    """How the rule is told: `owners services/web/**`."""
    pattern: PathPattern | None = None
    select: Selector | None = None


class Surroundings(Protocol):
    """What the tree knows of a finding's subject; the gate answers it from the context."""

    def workloads_of(self, finding: Finding) -> Sequence[Workload]:
        """Return the workload that was judged, or those that run the image that was judged."""
        ...

    def object_of(self, finding: Finding) -> KubernetesObject | None:
        """Return the object that was judged, when it is no workload."""
        ...

    def namespace_of(self, name: str) -> KubernetesObject | None:
        """Return the Namespace object of that name, when the tree holds it."""
        ...

    def image_of(self, finding: Finding) -> Image | None:
        """Return the image that was judged."""
        ...

    def paths_of(self, finding: Finding) -> Sequence[str]:
        """Return the files of the tree that the finding is about: its own, else the Dockerfile of its image."""
        ...

    def traits_of(self, finding: Finding) -> Traits:
        """Return what selectors can see of the subject."""
        ...


class Owners:
    """Decides owners for all findings of one run."""

    def __init__(
        self, *, surroundings: Surroundings, rules: Sequence[OwnerRule] = (), codeowners: CodeOwners | None = None
    ) -> None:
        """Take what is asked: the tree, the owner map of the configuration, CODEOWNERS."""
        self._around = surroundings
        self._rules = rules
        self._codeowners = codeowners
        self._by_path: dict[str, Owner | None] = {}

    def owner_of(self, finding: Finding) -> Owner:
        """Return who acts: the first routable candidate, else the first that is text, else nobody."""
        unroutable: Owner | None = None
        for candidate in self._candidates(finding):
            if candidate.routable:
                return candidate
            unroutable = unroutable or candidate
        return unroutable or Owner(value="", rule="none", routable=False)

    def _candidates(self, finding: Finding) -> Iterator[Owner]:
        yield from self._of_image(finding)
        workloads = self._around.workloads_of(finding)
        for workload in workloads:
            yield from _of_texts(workload.pod_annotations, f"pod annotation {{}} of {workload.ref}")
            yield from _of_object(workload.object)
        judged = self._around.object_of(finding)
        if judged is not None and not workloads:
            yield from _of_object(judged)
        yield from self._of_namespaces(finding, workloads)
        yield from self._of_configuration(finding)

    def _of_image(self, finding: Finding) -> Iterator[Owner]:
        if finding.subject.kind not in _OF_IMAGES:
            return
        image = self._around.image_of(finding)
        if image is not None and image.config is not None:
            yield from _of_texts(dict(image.config.labels), f"label {{}} of image {image.ref}", keys=_IMAGE_LABELS)

    def _of_namespaces(self, finding: Finding, workloads: Iterable[Workload]) -> Iterator[Owner]:
        names = [workload.object.namespace for workload in workloads] or [finding.subject.namespace]
        for name in dict.fromkeys(filter(None, names)):
            namespace = self._around.namespace_of(name)
            if namespace is not None:
                yield from _of_object(namespace)

    def _of_configuration(self, finding: Finding) -> Iterator[Owner]:
        paths = self._around.paths_of(finding)
        for rule in self._rules:
            if rule.pattern is not None:
                meant = any(map(rule.pattern.matches, paths))
            else:
                meant = rule.select is not None and rule.select.matches(self._around.traits_of(finding))
            if meant:
                yield _owner(rule.owner, rule.name)
        for path in paths:
            if path not in self._by_path:
                self._by_path[path] = self._codeowners.owner_of(path) if self._codeowners is not None else None
            owner = self._by_path[path]
            if owner is not None:
                yield owner


def _of_object(found: KubernetesObject) -> Iterator[Owner]:
    yield from _of_texts(found.annotations, f"annotation {{}} of {found.ref}")
    yield from _of_texts(found.labels, f"label {{}} of {found.ref}")


def _of_texts(texts: Mapping[str, str], rule: str, *, keys: Sequence[str] = KEYS) -> Iterator[Owner]:
    """Yield the non-empty values under the owner keys; an empty one never counts."""
    for key in keys:
        value = texts.get(key, "").strip()
        if value:
            yield _owner(value, rule.replace("{}", key))


def _owner(text: str, rule: str) -> Owner:
    value = normalised(text)
    return Owner(value=value, rule=rule, routable=is_routable(value))
