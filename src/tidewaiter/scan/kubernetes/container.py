"""One entry of a list of containers becomes a fact."""

from collections.abc import Mapping
from typing import Any, Literal

from tidewaiter.core.model.kubernetes import Container

Kind = Literal["init", "sidecar", "regular", "ephemeral"]


def container(kind: Kind, raw: Mapping[str, Any], pointer: str, name: str = "") -> Container:
    """Return one container; `name` stands in where the manifest gives none, non-text fields count as absent."""
    own, image = raw.get("name"), raw.get("image")
    return Container(
        name=own if isinstance(own, str) and own else name,
        kind=kind,
        image=image if isinstance(image, str) else "",
        pointer=pointer,
        raw=raw,
    )
