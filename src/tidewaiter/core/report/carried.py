"""Facts carried through formats that have no place for them: as pairs of names and texts (scanning guide 14).

An SBOM loses what matching needs: distribution, source package, module, owner, layer. So writers add every such field
as a property, and readers take them back; the scan of an SBOM then equals the scan of the image it was made from.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeVar, cast

import msgspec

from tidewaiter.core.model.image import BaseImage, Image, ImageConfig, Layer
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.report.document import as_unicode
from tidewaiter.core.report.facts import ImageFacts, LayerFacts, PackageFacts

PREFIX: Final = "tidewaiter:"
PACKAGE: Final = "tidewaiter:package:"
IMAGE: Final = "tidewaiter:image:"
LAYER: Final = "tidewaiter:layer:"
"""Followed by the layer's index; the value is JSON."""
_OWN: Final = frozenset({"purl", "version"})
"""Fields of a package that every SBOM format has a place for."""
_MOST_LAYERS: Final = 10_000

Kept = TypeVar("Kept", PackageFacts, ImageFacts)


def package_pairs(fact: PackageFacts) -> tuple[tuple[str, str], ...]:
    """Return all fields that say something, sorted by name; texts as they are, everything else as JSON."""
    return _pairs(PACKAGE, msgspec.to_builtins(fact), left_out=_OWN)


def image_pairs(image: ImageFacts, layers: Iterable[LayerFacts]) -> tuple[tuple[str, str], ...]:
    """Return what is known of the image and its layers."""
    own = _pairs(IMAGE, msgspec.to_builtins(image), left_out=frozenset({"ref"}))
    return (*own, *((f"{LAYER}{layer.index}", _json(layer)) for layer in layers))


def package_facts(pairs: Mapping[str, str], *, purl: str, version: str) -> PackageFacts | None:
    """Return a package from its pairs; None when they are not ours or not whole."""
    return _decoded(PACKAGE, pairs, PackageFacts, {"purl": purl, "version": version})


def image_facts(pairs: Mapping[str, str], *, ref: str) -> tuple[ImageFacts, tuple[LayerFacts, ...]] | None:
    """Return image and layers from their pairs; None when they are not ours or not whole."""
    image = _decoded(IMAGE, pairs, ImageFacts, {"ref": ref})
    if image is None:
        return None
    layers: list[LayerFacts] = []
    while (text := pairs.get(f"{LAYER}{len(layers)}")) is not None and len(layers) < _MOST_LAYERS:
        try:
            layers.append(msgspec.json.decode(text, type=LayerFacts))
        except (msgspec.MsgspecError, UnicodeError):
            return None
    return image, tuple(layers)


def package_of(fact: PackageFacts, *, image: str) -> Package:
    """Return the package that a fact was made of; `image` is the name by which locations call the image."""
    return Package(
        type=fact.type,
        name=fact.name,
        version=fact.version,
        arch=fact.arch,
        namespace=fact.namespace,
        distro=fact.distro,
        source_name=fact.source if fact.source != fact.name else "",
        source_version=fact.source_version,
        location=Location(file=fact.path or None, layer=fact.layer, image=image),
        owner=fact.owner,
        maintainer=fact.maintainer,
        licence=fact.licence,
        found=cast("Any", fact.found),
        scope=cast("Any", fact.scope),
        direct=fact.direct,
        module=fact.module,
        repository=fact.repository,
        inside=fact.inside,
        is_main=fact.is_main,
        is_guess=fact.is_guess,
        requires=fact.requires,
    )


def image_of(image: ImageFacts, layers: Iterable[LayerFacts], packages: Iterable[PackageFacts]) -> Image:
    """Return the image that the facts were made of; without credentials, tools and files, which they do not hold."""
    base = image.base
    kind: Literal["image", "filesystem"] = "filesystem" if image.kind == "filesystem" else "image"
    return Image(
        ref=image.ref,
        tags=image.tags,
        digest=image.digest,
        source=image.source,
        kind=kind,
        config=ImageConfig(user=image.user, created=image.created, architecture=image.architecture),
        layers=tuple(
            Layer(
                index=layer.index,
                diff_id=layer.diff_id,
                digest=layer.digest,
                size=layer.size,
                created_by=layer.created_by,
                origin=cast("Any", layer.origin),
            )
            for layer in layers
        ),
        os=image.system,
        packages=tuple(package_of(fact, image=image.ref) for fact in packages),
        base=None
        if base is None
        else BaseImage(
            names=base.names,
            digest=base.digest,
            chain_id=base.chain_id,
            layers=base.layers,
            source=cast("Any", base.source),
        ),
    )


def _pairs(prefix: str, values: Mapping[str, Any], *, left_out: frozenset[str]) -> tuple[tuple[str, str], ...]:
    told = {name: value for name, value in values.items() if name not in left_out}
    texts = ((name, value if isinstance(value, str) else _json(value)) for name, value in told.items())
    return tuple(sorted((prefix + name, text) for name, text in texts if text))


def _json(value: object) -> str:
    """Return the value as JSON; broken bytes of names are written as text."""
    return msgspec.json.encode(as_unicode(msgspec.to_builtins(value))).decode()


def _decoded(prefix: str, pairs: Mapping[str, str], kind: type[Kept], own: Mapping[str, str]) -> Kept | None:
    if not any(name.startswith(prefix) for name in pairs):
        return None
    values: dict[str, Any] = dict(own)
    for field in msgspec.structs.fields(kind):
        name, text = field.encode_name, pairs.get(prefix + field.encode_name)
        if name in own:
            continue
        if field.type is str:
            if text is not None or field.required:
                values[name] = text or ""
        elif text is not None:
            try:
                values[name] = msgspec.json.decode(text)
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                return None
    try:
        return msgspec.convert(values, type=kind)
    except (msgspec.ValidationError, RecursionError):
        return None
