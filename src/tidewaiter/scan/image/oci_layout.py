"""OCI layouts, in a folder or an archive (OCI image-spec: image-layout.md, image-index.md, manifest.md)."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image.archive import (
    ArchiveFiles,
    ImageDescription,
    ImageFormatError,
    annotations_of,
    read_small,
    same_image,
)
from tidewaiter.scan.image.store import StoredLayer
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

INDEX: Final = "index.json"
LAYOUT: Final = "oci-layout"
_DIGEST: Final = re.compile(r"(sha256|sha512):[0-9a-f]{64,128}")
_NAMES: Final = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_DEPTH: Final = 5
_MOST: Final = 1000
_MOST_BYTES: Final = 128 << 20
_MOST_REASONS: Final = 5
_AGAIN: Final = "save or pull the image again"


class _Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One image manifest that an index leads to."""

    digest: str
    names: tuple[str, ...]
    platform: str
    unknowns: tuple[Unknown, ...] = ()


def describe(files: ArchiveFiles, source: str, name: str = "", *, platform: str = "") -> ImageDescription:
    """Return the image of the layout: the named one, for `platform` if given, else for linux/amd64, else the only one.

    Raises ImageFormatError when the index cannot be read or leads to several images without a choice.
    """
    unknowns: list[Unknown] = []
    root = _json(read_small(files, INDEX) or b"", f"{source}: index.json")
    manifests = list(_Walk(files, source, unknowns).manifests(root))
    if not manifests:
        advice = "; ".join([*dict.fromkeys(unknown.reason for unknown in unknowns)][:_MOST_REASONS]) or _AGAIN
        raise ImageFormatError(f"{source}: index.json leads to no image", advice)
    chosen = _choose(manifests, source, name, platform)
    unknowns += chosen.unknowns
    # Of many manifests only the chosen one is held, so that they cannot fill the memory.
    body = _json(read_small(files, _blob_path(chosen.digest)) or b"", f"{source}: manifest {chosen.digest}")
    config = _blob(files, mapping(body.get("config")), source, unknowns)
    layers = body.get("layers")
    if not isinstance(layers, list):
        reason = f"`layers` of the manifest {chosen.digest} is not a list"
        unknowns.append(Unknown(subject=source, reason=reason, advice=_AGAIN))
    stored = [
        _layer(files, index, mapping(one)) for index, one in enumerate(layers if isinstance(layers, list) else [])
    ]
    names = tuple(dict.fromkeys(one for each in manifests if each.digest == chosen.digest for one in each.names))
    return ImageDescription(
        tags=names,
        digest=chosen.digest,
        config=config or b"",
        annotations=annotations_of(body),
        layers=tuple(stored),
        unknowns=tuple(unknowns),
    )


class _Walk:
    """The way through the indexes of a layout, nested ones included, attestations left out.

    All indexes together spend one budget of entries and one of bytes: a few that name each other many times would else
    lead to millions of manifests.
    """

    def __init__(self, files: ArchiveFiles, source: str, unknowns: list[Unknown]) -> None:
        self._files = files
        self._source = source
        self._unknowns = unknowns
        self._entries = _MOST
        self._bytes = _MOST_BYTES
        self._images: dict[str, tuple[Unknown, ...]] = {}
        """Digests of image manifests that were read, and what is to be told about them."""

    def manifests(
        self, index: dict[str, Any], names: tuple[str, ...] = (), above: tuple[str, ...] = ()
    ) -> Iterator[_Manifest]:
        """Yield the image manifests that an index leads to; `above` are the indexes that it lies in."""
        entries = index.get("manifests")
        for entry in entries if isinstance(entries, list) else []:
            self._entries -= 1
            if self._entries < 0:
                self._tell(f"the indexes name more than {_MOST} manifests")
                return
            descriptor = mapping(entry)
            annotations = mapping(descriptor.get("annotations"))
            if annotations.get("vnd.docker.reference.type") == "attestation-manifest":
                continue
            platform = mapping(descriptor.get("platform"))
            if text(platform.get("os")) == text(platform.get("architecture")) == "unknown":
                continue
            own = tuple(text(annotations[key]) for key in _NAMES if text(annotations.get(key)))[:1] or names
            body = self._body(descriptor)
            digest = text(descriptor.get("digest"))
            if digest in self._images:
                words = "/".join(one for key in ("os", "architecture", "variant") if (one := text(platform.get(key))))
                yield _Manifest(digest=digest, names=own, platform=words, unknowns=self._images[digest])
            elif "manifests" in body and digest in above:
                self._tell(f"the index {digest} leads to itself", _AGAIN)
            elif "manifests" in body and len(above) >= _DEPTH:
                self._tell(f"indexes lie in each other deeper than {_DEPTH}, {digest} was not read")
            elif "manifests" in body:
                yield from self.manifests(body, own, (*above, digest))

    def _body(self, descriptor: dict[str, Any]) -> dict[str, Any]:
        """Return the document of a descriptor; of an image manifest, which is noted, nothing, as of what is none."""
        digest = text(descriptor.get("digest"))
        if digest in self._images:
            return {}
        found: list[Unknown] = []
        raw = _blob(self._files, descriptor, self._source, found)
        if raw is None:
            self._unknowns += found
            return {}
        self._bytes -= len(raw)
        if self._bytes < 0:
            self._tell(f"the manifests have more than {_MOST_BYTES} bytes together, {digest} was not read")
            return {}
        try:
            body = _json(raw, f"{self._source}: manifest {digest}")
        except ImageFormatError as error:
            self._tell(error.message, error.advice)
            return {}
        if "manifests" not in body and "layers" in body:
            self._images[digest] = tuple(found)
            return {}
        return body

    def _tell(self, reason: str, advice: str = "") -> None:
        told = Unknown(subject=self._source, reason=reason, advice=advice)
        if told not in self._unknowns[-_MOST_REASONS:]:
            self._unknowns.append(told)


def _choose(manifests: list[_Manifest], source: str, name: str, platform: str) -> _Manifest:
    several = {manifest.digest for manifest in manifests}
    named = [one for one in manifests if name and any(same_image(name, other) or name == other for other in one.names)]
    if len(several) == 1 and not platform:
        return (named or manifests)[0]
    candidates = named or manifests
    wanted = _same_platforms(platform or "linux/amd64")
    of_platform = [one for one in candidates if one.platform in wanted or (platform and not one.platform)]
    if platform and not of_platform:
        there = ", ".join(dict.fromkeys(one.platform for one in candidates[:20]))
        raise ImageFormatError(f"{source} holds no image for {platform}", f"choose with --platform; there is: {there}")
    for group in (of_platform,) if platform else (candidates, of_platform):
        if len({one.digest for one in group}) == 1:
            return group[0]
    listed = ", ".join(dict.fromkeys(" ".join((*one.names, one.platform or one.digest)) for one in candidates[:20]))
    raise ImageFormatError(
        f"{source}: the layout holds {len(several)} images and it is not said which",
        f"add the name behind the path, as in `{source}:NAME`; images: {listed}",
    )


def _same_platforms(platform: str) -> frozenset[str]:
    """Return the ways to write a platform: the usual variant may be left out."""
    usual = {"amd64": "v1", "arm64": "v8", "arm": "v7"}
    parts = platform.split("/")
    variant = usual.get(parts[1]) if len(parts) > 1 else None
    bare = "/".join(parts[:2])
    return frozenset({platform, f"{bare}/{variant}", bare} if variant and parts[2:] in ([], [variant]) else {platform})


def _blob(files: ArchiveFiles, descriptor: dict[str, Any], source: str, unknowns: list[Unknown]) -> bytes | None:
    """Return a small blob and verify it; a missing one is None, a wrong one is told and still used."""
    digest = text(descriptor.get("digest"))
    path = _blob_path(digest)
    body = read_small(files, path) if path else None
    if body is None:
        unknowns.append(Unknown(subject=source, reason=f"the layout does not hold the blob `{digest}`", advice=_AGAIN))
        return None
    if hashlib.new(digest.partition(":")[0], body, usedforsecurity=False).hexdigest() != digest.partition(":")[2]:
        reason = f"the blob `{digest}` does not have the digest that its name states"
        unknowns.append(Unknown(subject=source, reason=reason, advice=_AGAIN))
    return body


def _layer(files: ArchiveFiles, index: int, descriptor: dict[str, Any]) -> StoredLayer:
    digest = text(descriptor.get("digest"))
    path = _blob_path(digest)
    size = files.size(path) if path else None
    stated = descriptor.get("size")
    missing = ""
    if size is None:
        missing = f"the layout does not hold the blob `{digest}`"
    elif isinstance(stated, int) and stated != size:
        # The blob is read all the same: its own damage is told where it is, this says that there is some.
        return StoredLayer(index=index, name=path, digest=digest, size=size, stated_size=stated)
    return StoredLayer(index=index, name=path, digest=digest, size=size or 0, missing=missing)


def _blob_path(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/', 1)}" if _DIGEST.fullmatch(digest) else ""


def _json(data: bytes, what: str) -> dict[str, Any]:
    try:
        return mapping(decode(data))
    except JsonError as error:
        raise ImageFormatError(f"{what} cannot be read: {error}", _AGAIN) from error
