"""Manifests and indexes as registries send them (OCI image-spec: manifest.md, image-index.md; Docker image manifest v2)."""

import hashlib
import re
from typing import Any, Final

import msgspec

from tidewaiter.ports.registry import Descriptor, Platform, RegistryError
from tidewaiter.scan.image.archive import annotations_of
from tidewaiter.scan.json_text import JsonError, decode, mapping, text, texts

LIMIT: Final = 16 << 20
"""Bytes of a manifest."""
OCI_INDEX: Final = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
_DOCKER_LIST: Final = "application/vnd.docker.distribution.manifest.list.v2+json"
_DOCKER_MANIFEST: Final = "application/vnd.docker.distribution.manifest.v2+json"
ACCEPT: Final = f"{OCI_INDEX}, {_DOCKER_LIST}, {OCI_MANIFEST}, {_DOCKER_MANIFEST}"
_INDEXES: Final = frozenset({OCI_INDEX, _DOCKER_LIST})
_CONFIGS: Final = frozenset(
    {
        "application/vnd.docker.container.image.v1+json",
        "application/vnd.oci.image.config.v1+json",
        "application/octet-stream",
        "",
    }
)
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_MOST: Final = 10_000
_SUPERSEDED: Final = "push the image again with a tool that is younger than 2017, such as `skopeo copy`"
_USUAL: Final = {"amd64": ("", "v1"), "arm64": ("", "v8"), "arm": ("v7", "", "v6", "v5")}


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One document that a digest names."""

    digest: str
    media_type: str
    body: dict[str, Any]

    @property
    def is_index(self) -> bool:
        """Return whether it names manifests instead of layers."""
        return "manifests" in self.body

    @property
    def annotations(self) -> tuple[tuple[str, str], ...]:
        """Return the annotations, sorted by name, at most 1,000."""
        return annotations_of(self.body)

    def descriptors(self, key: str) -> tuple[Descriptor, ...]:
        """Return the descriptors of `manifests`, `layers` or, as the only one, `config`; raises RegistryError."""
        value = self.body.get(key)
        entries = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(descriptor(mapping(entry), f"`{key}` of the manifest {self.digest}") for entry in entries[:_MOST])


def read_manifest(body: bytes, media_type: str, *, digest: str = "", size: int = 0) -> Manifest:
    """Return the document after comparing its bytes with the digest and size that are asked for, if any.

    Raises RegistryError when they differ, when it is malformed, a schema 1 manifest, or both index and manifest.
    """
    if size and len(body) != size:
        raise RegistryError(f"the manifest {digest} has {len(body)} bytes, {size} are stated", ALTERED)
    digest = digest or f"sha256:{hashlib.sha256(body).hexdigest()}"
    if not has_digest(body, digest):
        raise RegistryError(f"the registry gives other bytes than those of the manifest {digest}", ALTERED)
    try:
        root = decode(body, size=LIMIT)
    except JsonError as error:
        raise RegistryError(f"the manifest {digest} cannot be read: {error}", "push the image again") from error
    if not isinstance(root, dict):
        raise RegistryError(f"the manifest {digest} is not a JSON object", "push the image again")
    said = media_type.partition(";")[0].strip().lower()
    kind = text(root.get("mediaType")) or said
    if root.get("schemaVersion") == 1 or "docker.distribution.manifest.v1+" in kind:
        raise RegistryError(f"the manifest {digest} has schema 1, which carries no digest of its image", _SUPERSEDED)
    if "manifests" in root and ("layers" in root or "config" in root):
        raise RegistryError(f"the document {digest} is an index and a manifest at once", "push the image again")
    if "manifests" not in root and "layers" not in root:
        raise RegistryError(f"the document {digest} ({kind or 'no media type'}) is no image manifest")
    if (kind in _INDEXES) != ("manifests" in root) and kind in {*_INDEXES, OCI_MANIFEST, _DOCKER_MANIFEST}:
        raise RegistryError(f"the document {digest} is not the {kind} that it says it is", "push the image again")
    return Manifest(digest=digest, media_type=kind, body=root)


def descriptor(value: dict[str, Any], where: str) -> Descriptor:
    """Return a checked descriptor; raises RegistryError for a digest that we cannot verify and a size that is none."""
    digest = text(value.get("digest"))
    size = value.get("size")
    if _DIGEST.fullmatch(digest) is None:
        raise RegistryError(f"{where} has a digest that cannot be verified: `{digest[:100]}`", "push the image again")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise RegistryError(f"{where} states no size for {digest}", "push the image again")
    place = mapping(value.get("platform"))
    return Descriptor(
        digest=digest,
        size=size,
        media_type=text(value.get("mediaType")),
        artifact_type=text(value.get("artifactType")),
        platform="/".join(part for part in (text(place.get(key)) for key in ("os", "architecture", "variant")) if part),
        annotations=annotations_of(value),
        urls=texts(value.get("urls")),
    )


def has_digest(body: bytes, digest: str) -> bool:
    """Return whether bytes have a digest (`sha256:` or `sha512:`)."""
    algorithm, _, wanted = digest.partition(":")
    return algorithm in {"sha256", "sha512"} and hashlib.new(algorithm, body).hexdigest() == wanted


def is_image_config(config: Descriptor) -> bool:
    """Return whether a manifest with this configuration is a container image and not some other artifact."""
    return config.media_type in _CONFIGS


def is_foreign(layer: Descriptor) -> bool:
    """Return whether a layer is meant to be had from elsewhere (Windows base layers)."""
    return bool(layer.urls) and ("foreign" in layer.media_type or "nondistributable" in layer.media_type)


def choose(index: Manifest, platform: Platform) -> Descriptor:
    """Return the entry for a platform, attestations left out; raises RegistryError that names what there is."""
    entries = [one for one in index.descriptors("manifests") if not _is_attestation(one)]
    if not entries:
        raise RegistryError(f"the index {index.digest} names no image", "push the image again")
    wanted = f"{platform.os}/{platform.architecture}"
    variants = (platform.variant,) if platform.variant else _USUAL.get(platform.architecture, ("",))
    if platform.variant in _USUAL.get(platform.architecture, ())[:2] and platform.architecture != "arm":
        variants = (platform.variant, *_USUAL[platform.architecture])
    for variant in variants:
        for one in entries:
            if one.platform == (f"{wanted}/{variant}" if variant else wanted):
                return one
    if len(entries) == 1 and not entries[0].platform:
        return entries[0]
    there = ", ".join(dict.fromkeys(one.platform or "one without a platform" for one in entries[:50]))
    raise RegistryError(f"there is no image for {platform}", f"choose with --platform; there is: {there}")


def _is_attestation(entry: Descriptor) -> bool:
    return entry.platform == "unknown/unknown" or dict(entry.annotations).get("vnd.docker.reference.type") is not None


ALTERED: Final = "something between the registry and us alters what it sends, or the registry is damaged"
