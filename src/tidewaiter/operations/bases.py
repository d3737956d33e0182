"""The use cases of `tidewaiter base`: learn base images from images, and from files that other installations wrote."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from tidewaiter.ports.bases import BaseIndexError, BaseRegister, KnownBase
from tidewaiter.ports.images import ImageError, OpenImage
from tidewaiter.scan.image.chain import chain_ids
from tidewaiter.scan.image.config import read_config

SCHEMA: Final = "tidewaiter.dev/bases/v1"
_DIGEST_LENGTH: Final = len("sha256:") + 64
_ADVICE: Final = "give a file that `tidewaiter base list --format json` wrote"


class BaseList(msgspec.Struct, frozen=True, kw_only=True):
    """What `base list --format json` writes and `base import` reads."""

    schema: str
    bases: tuple[KnownBase, ...] = ()


def learn(reference: str, *, name: str, open_image: OpenImage, register: BaseRegister, now: datetime) -> KnownBase:
    """Add one image as a base of others and return what was learnt; only its configuration is read.

    Raises ImageError when there is no such image, or when its configuration does not name its layers.
    """
    with open_image(reference, name=name) as store:
        config = read_config(store.config, reference)
        if store.kind == "filesystem" or not config.diff_ids:
            raise ImageError(f"{reference} has no layers that could be a base", "give an image, not a folder")
        found = KnownBase(
            name=name or (store.tags[0] if store.tags else reference),
            chain_id=chain_ids(config.diff_ids)[-1],
            layers=len(config.diff_ids),
            digest=store.digest,
            created=config.config.created if config.config is not None else "",
            seen=now.isoformat(timespec="seconds"),
        )
    register.add([found])
    return found


def read_list(data: bytes, source: str) -> tuple[KnownBase, ...]:
    """Decode a list of bases; raises BaseIndexError that names the mistake."""
    try:
        listed = msgspec.json.decode(data, type=BaseList)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BaseIndexError(f"{source} is no list of bases: {error}", _ADVICE) from error
    if listed.schema != SCHEMA:
        raise BaseIndexError(f"{source} has schema `{listed.schema}`, not `{SCHEMA}`", _ADVICE)
    for place, base in enumerate(listed.bases):
        if not _is_digest(base.chain_id) or not base.name or base.layers < 1:
            reason = "a base needs a name, a chain_id `sha256:<64 hex digits>` and at least one layer"
            raise BaseIndexError(f"{source}: entry {place} ({base.name or 'without name'}): {reason}", _ADVICE)
    return listed.bases


def write_list(bases: Sequence[KnownBase]) -> bytes:
    """Encode a list of bases, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(BaseList(schema=SCHEMA, bases=tuple(bases))), indent=2) + b"\n"


def _is_digest(text: str) -> bool:
    return len(text) == _DIGEST_LENGTH and text.startswith("sha256:") and set(text[7:]) <= set("0123456789abcdef")
