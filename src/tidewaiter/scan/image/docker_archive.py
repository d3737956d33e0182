"""What `docker save` writes (moby: image/spec/v1.2; since Docker 25 with an OCI layout in the same archive)."""

import hashlib
import re
from typing import Any, Final

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image.archive import ArchiveFiles, ImageDescription, ImageFormatError, read_small, same_image
from tidewaiter.scan.image.paths import normalise
from tidewaiter.scan.image.store import StoredLayer
from tidewaiter.scan.json_text import JsonError, decode, mapping, text, texts

MANIFEST: Final = "manifest.json"
_HEX: Final = re.compile(r"(?:^|/)([0-9a-f]{64})(?:\.json)?$")


def describe(files: ArchiveFiles, source: str, name: str = "") -> ImageDescription:
    """Return the image of the archive, or the one named `name` when it holds several.

    Raises ImageFormatError when the manifest cannot be read or names several images without a choice.
    """
    try:
        root = decode(read_small(files, MANIFEST) or b"")
    except JsonError as error:
        raise ImageFormatError(f"{source}: manifest.json cannot be read: {error}", "save the image again") from error
    images = [mapping(one) for one in root] if isinstance(root, list) else []
    image = _choose(images, source, name)
    unknowns: list[Unknown] = []
    config_name = normalise(text(image.get("Config"))) or ""
    config = read_small(files, config_name)
    if config is None:
        reason = f"the archive does not hold the configuration `{config_name}`"
        unknowns.append(Unknown(subject=source, reason=reason, advice=_AGAIN))
    elif (stated := _HEX.search(config_name)) and hashlib.sha256(config).hexdigest() != stated[1]:
        reason = f"the configuration `{config_name}` does not have the digest that its name states"
        unknowns.append(Unknown(subject=source, reason=reason, advice=_AGAIN))
    written = image.get("Layers")
    if not isinstance(written, list) or len(texts(written)) < len(written):
        reason = "manifest.json does not name the layers as a list of texts"
        unknowns.append(Unknown(subject=source, reason=reason, advice=_AGAIN))
    layers = tuple(_layer(files, index, path) for index, path in enumerate(texts(image.get("Layers"))))
    digest = f"sha256:{hashlib.sha256(config).hexdigest()}" if config is not None else ""
    return ImageDescription(
        tags=texts(image.get("RepoTags")), digest=digest, config=config or b"", layers=layers, unknowns=tuple(unknowns)
    )


def _choose(images: list[dict[str, Any]], source: str, name: str) -> dict[str, Any]:
    if not images:
        raise ImageFormatError(f"{source}: manifest.json names no image", "save the image again")
    if len(images) == 1:
        return images[0]
    named = [one for one in images if name and any(same_image(name, tag) for tag in texts(one.get("RepoTags")))]
    if named and all(one == named[0] for one in named):
        return named[0]
    if named:
        words = f"{source}: the archive holds {len(named)} different images named `{name}`"
        raise ImageFormatError(words, "save the image again by itself")
    tags = [tag for image in images for tag in texts(image.get("RepoTags"))]
    listed = ", ".join(tags[:20]) or "none of them has a name"
    problem = f"none is named `{name}`" if name else "it is not said which"
    raise ImageFormatError(
        f"{source}: the archive holds {len(images)} images and {problem}",
        f"add the name behind the path, as in `{source}:NAME`; names: {listed}",
    )


def _layer(files: ArchiveFiles, index: int, written: str) -> StoredLayer:
    path = normalise(written) or ""
    size = files.size(path)
    stated = _HEX.search(path) if path.startswith("blobs/") else None
    return StoredLayer(
        index=index,
        name=path,
        digest=f"sha256:{stated[1]}" if stated else "",
        size=size or 0,
        missing="" if size is not None else f"the archive does not hold `{written}`",
    )


_AGAIN: Final = "save or pull the image again"
