"""Whether two names mean the same product (openvex/go-vex: package URLs; scanning guide 11: forms for images)."""

from collections.abc import Mapping

import msgspec

from tidewaiter.core.context import Reference, parse_reference
from tidewaiter.core.model.image import Image, ImageConfig
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.purl import Purl, PurlError, parse

_IMAGE_TYPES = frozenset({"oci", "docker"})
_MOST = 500_000

Identity = tuple[str, str, str]


class Names:
    """Parses package URLs once each; lives as long as one set of statements."""

    def __init__(self) -> None:
        """Start with nothing parsed."""
        self._known: dict[str, Purl | None] = {}

    def purl(self, text: str) -> Purl | None:
        """Return the package URL, None when the text is none."""
        if text not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            try:
                self._known[text] = parse(text, lenient=True)
            except PurlError:
                self._known[text] = None
        return self._known[text]


def covers(stated: Purl, found: Purl) -> bool:
    """Tell whether a stated package URL means the found package.

    Type, namespace and name are equal; a version and every qualifier that is stated must be there and equal; what the
    found one has besides does not matter.
    """
    if stated.identity != found.identity:
        return False
    if stated.version and _version(stated) != _version(found):
        return False
    if stated.subpath and stated.subpath != found.subpath:
        return False  # a statement about a folder of a package says nothing about the rest of it
    return all(found.qualifiers.get(key) == value for key, value in stated.qualifiers.items())


def _version(purl: Purl) -> str:
    return purl.version.removeprefix("v") if purl.type == "golang" else purl.version


class ImageIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Every name under which statements may speak of one image."""

    references: tuple[Reference, ...] = ()
    digests: frozenset[str] = frozenset()
    architecture: str = ""
    system: str = ""

    def offered(self) -> tuple[str, ...]:
        """Return the identifiers as people could write them into a statement."""
        names = [f"{one.domain}/{one.path}" + (f":{one.tag}" if one.tag else "") for one in self.references]
        return (*dict.fromkeys(names), *sorted(self.digests))

    def is_meant(self, name: str, names: Names) -> bool:
        """Tell whether a product's name means this image: `pkg:oci`, `pkg:docker`, a reference, a digest."""
        if name.startswith("pkg:"):
            purl = names.purl(name)
            return purl is not None and purl.type in _IMAGE_TYPES and self._is_purl(purl)
        if name.startswith("sha256:"):
            return name in self.digests
        stated = parse_reference(name)
        return stated is not None and any(self._is_reference(stated, one) for one in self.references)

    def _is_reference(self, stated: Reference, own: Reference) -> bool:
        if (stated.domain, stated.path) != (own.domain, own.path):
            return False
        if stated.digest:
            return stated.digest in self.digests
        return not stated.tag or stated.tag == (own.tag or "latest")

    def _is_purl(self, purl: Purl) -> bool:
        own = {"arch": self.architecture, "os": self.system}
        if any(key in own and own[key] != value for key, value in purl.qualifiers.items()):
            return False  # one tag, and the digest of an index, name images of many platforms
        if purl.version.startswith("sha256:"):
            if purl.version not in self.digests:
                return False
            return not self.references or self._is_named(purl, purl.qualifiers, tag="")
        tag = purl.qualifiers.get("tag") or purl.version
        return self._is_named(purl, purl.qualifiers, tag=tag)

    def _is_named(self, purl: Purl, qualifiers: Mapping[str, str], *, tag: str) -> bool:
        repository = qualifiers.get("repository_url", "")
        if purl.type == "docker":
            name = "/".join(part for part in (purl.namespace, purl.name) if part)
            repository = f"{repository}/{name}" if repository else name
        for own in self.references:
            if own.path.rpartition("/")[2] != purl.name:
                continue
            stated = parse_reference(repository) if repository else None
            if repository and (stated is None or (stated.domain, stated.path) != (own.domain, own.path)):
                continue
            if not tag or tag == (own.tag or "latest"):
                return True
        return False


def identity_of(image: Image) -> ImageIdentity:
    """Return the names of an image; a path of an archive is no name."""
    config = image.config or ImageConfig()
    references = [parse_reference(name) for name in (image.ref, *image.tags)]
    known = [one for one in references if one is not None]
    digests = {image.digest, *(one.digest for one in known)} - {""}
    return ImageIdentity(
        references=tuple(dict.fromkeys(known)),
        digests=frozenset(digests),
        architecture=config.architecture,
        system=config.os,
    )


def purl_of(package: Package, names: Names) -> Purl | None:
    """Return the package URL of a package, None when its parts make none."""
    try:
        return names.purl(package.purl)
    except PurlError:
        return None
