"""Whether an image that was found is made for the platform that was asked for."""

from tidewaiter.ports.images import ImageError
from tidewaiter.ports.registry import Platform
from tidewaiter.scan.image import ImageStore
from tidewaiter.scan.json_text import JsonError, decode, mapping, text


def refuse_other(store: ImageStore, asked: Platform) -> None:
    """Raise ImageError for an image whose configuration states another platform; one that states none passes.

    An index is asked for the platform; an image alone would else be scanned whatever it is made for.
    """
    try:
        stated = mapping(decode(store.config)) if store.config else {}
    except JsonError:
        return  # whoever reads the configuration tells it
    os, architecture, variant = (text(stated.get(key)) for key in ("os", "architecture", "variant"))
    is_other = (os, architecture) != (asked.os, asked.architecture) or (
        variant and asked.variant and variant != asked.variant
    )
    if os and architecture and is_other:
        there = "/".join(part for part in (os, architecture, variant) if part)
        raise ImageError(f"{store.source} is made for {there}, not for {asked}", "leave `--platform` away to scan it")
