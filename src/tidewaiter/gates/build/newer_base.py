"""Says whether a build of the base that was seen is better than the one an image was made on."""

from collections.abc import Iterator, Sequence

from tidewaiter.core.context import parse_reference
from tidewaiter.core.model.image import BaseImage, Image
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.report import Note
from tidewaiter.core.vuln import match_packages
from tidewaiter.core.vuln.newer_base import Build, newer_base
from tidewaiter.core.vuln.rematch import told_of
from tidewaiter.gates.build.tools import Tools
from tidewaiter.ports.inventories import InventoryError, StoredBuild
from tidewaiter.scan.image.chain import chain_ids

_MOST = 4
"""Builds that are matched, the latest first."""


def base_notes(image: Image, found: Sequence[Vulnerability], tools: Tools) -> Iterator[Note]:
    """Yield a note when another build of the base removes findings; only a base that layers prove is looked at."""
    base = image.base
    if base is None or not base.chain_id or base.layers is None or isinstance(tools.advisories, Unknown):
        return
    in_base = {layer.index for layer in image.layers if layer.origin == "base"}
    mine = [told_of(one) for one in found if one.package.location and one.package.location.layer in in_base]
    names = {reference.name for text in base.names if (reference := parse_reference(text)) is not None}
    if not mine or not names:
        return
    since = max((image.layers[index].created for index in in_base if index < len(image.layers)), default="")
    try:
        stored = tools.inventories.builds(sorted(names))
    except InventoryError as error:
        yield Note(subject="base image", text=f"other builds of it are not known: {error}")
        return
    others = [one for one in stored if _is_other(one, base, image, since)][:_MOST]
    now = tools.clock.now()
    builds = [
        Build(
            name=one.name,
            digest=one.digest,
            created=one.created,
            told=tuple(
                map(
                    told_of,
                    match_packages(one.packages, os=one.system, advisories=tools.advisories, now=now).vulnerabilities,
                )
            ),
        )
        for one in others
    ]
    better = newer_base(mine, builds)
    if better is not None:
        yield Note(subject="base image", text=str(better))


def _is_other(one: StoredBuild, base: BaseImage, image: Image, since: str) -> bool:
    """Tell whether a build is another one than the present base, not the image itself, and not older."""
    if one.digest in {base.digest, image.digest} - {""} or not one.diff_ids or not all(one.diff_ids):
        return False
    return chain_ids(one.diff_ids)[-1] != base.chain_id and bool(one.created) and one.created >= since
