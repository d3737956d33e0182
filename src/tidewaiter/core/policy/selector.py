"""The selector of policies and exceptions: which clusters, namespaces, objects, containers and images are meant."""

from collections.abc import Mapping

import msgspec

from tidewaiter.core.policy import globs

Globs = str | tuple[str, ...]
"""One glob or several of which one must fit."""


class Traits(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What selectors can see of one subject; None means that the subject has no such thing."""

    cluster: str | None = None
    namespace: str | None = None
    namespace_labels: Mapping[str, str] | None = None
    kind: str | None = None
    name: str | None = None
    labels: Mapping[str, str] | None = None
    container: str | None = None
    image: str | None = None
    """The image reference as written."""
    digest: str | None = None
    """The image digest, which `image` of a selector may name as well."""
    user: str | None = None


class Selector(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True
):
    """All given conditions must hold; a condition on something that the subject does not have never holds."""

    cluster: Globs = ()
    namespace: Globs = ()
    namespace_labels: Mapping[str, str] = {}
    """Label keys to globs of their values."""
    kind: Globs = ()
    name: Globs = ()
    labels: Mapping[str, str] = {}
    container: Globs = ()
    image: Globs = ()
    """Globs of the reference as written, of its repository, or the digest."""
    user: Globs = ()

    def matches(self, traits: Traits) -> bool:
        """Tell whether the subject with these traits is meant; an empty selector means every subject."""
        return (
            _fits(self.namespace, traits.namespace)
            and _fits(self.kind, traits.kind)
            and _fits(self.name, traits.name)
            and _labelled(self.labels, traits.labels)
            and _fits(self.container, traits.container)
            and _fits_image(self.image, traits)
            and _labelled(self.namespace_labels, traits.namespace_labels)
            and _fits(self.cluster, traits.cluster)
            and _fits(self.user, traits.user)
        )


def _fits(wanted: Globs, value: str | None) -> bool:
    if not wanted:
        return True
    if value is None:
        return False
    return globs.any_matches((wanted,) if isinstance(wanted, str) else wanted, value)


def _labelled(wanted: Mapping[str, str], labels: Mapping[str, str] | None) -> bool:
    if not wanted:
        return True
    if labels is None:
        return False
    return all(key in labels and globs.matches(pattern, labels[key]) for key, pattern in wanted.items())


def _fits_image(wanted: Globs, traits: Traits) -> bool:
    if not wanted:
        return True
    names = {name for name in (traits.image, traits.digest) if name}
    if traits.image:
        names |= {repository(traits.image), traits.image.partition("@")[2]} - {""}
    return any(_fits(wanted, name) for name in names)


def repository(reference: str) -> str:
    """Return an image reference without its tag and digest: `host:5000/shop/web:1` gives `host:5000/shop/web`."""
    name = reference.partition("@")[0]
    head, colon, tag = name.rpartition(":")
    return head if colon and "/" not in tag else name
