"""Record `imageRef`: an image reference taken apart (distribution/reference: reference.go)."""

import msgspec

from tidewaiter.core.policy.fields.base import ABSENT, Field, Record

DEFAULT_REGISTRY = "docker.io"


class ImageReference(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a reference; `tag` and `digest` are empty when not written."""

    registry: str
    repository: str
    tag: str = ""
    digest: str = ""


def split(reference: str) -> ImageReference:
    """Take a reference apart; a first component is a registry when it has a dot, a colon, or is `localhost`."""
    name, _, digest = reference.partition("@")
    head, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        head, tag = name, ""
    first, slash, rest = head.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return ImageReference(registry=first, repository=rest, tag=tag, digest=digest)
    repository = head if slash else f"library/{head}"
    return ImageReference(registry=DEFAULT_REGISTRY, repository=repository, tag=tag, digest=digest)


RECORDS = (
    Record(
        "imageRef",
        "An image reference taken apart; Docker Hub's short names are written out.",
        (
            Field("registry", "string", "Host and port; `docker.io` when none is written.", lambda v: v.fact.registry),
            Field("repository", "string", "`library/nginx` for `nginx`.", lambda v: v.fact.repository),
            Field("name", "string", "Registry and repository.", lambda v: f"{v.fact.registry}/{v.fact.repository}"),
            Field("tag", "string", "The tag as written; absent when none is.", lambda v: v.fact.tag or ABSENT),
            Field("digest", "string", "`sha256:…`; absent when not pinned.", lambda v: v.fact.digest or ABSENT),
        ),
    ),
)
