"""Reads images into facts, and matches packages against advisories."""

from collections.abc import Sequence

from msgspec import structs

from tidewaiter.core.model.image import Image
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Coverage, Vulnerability
from tidewaiter.core.vuln import match_packages
from tidewaiter.gates.build.remember import remember
from tidewaiter.gates.build.tools import ImageInput, Tools
from tidewaiter.gates.build.vex import VexRun
from tidewaiter.scan.image import read_image


def read_one(wanted: ImageInput, tools: Tools) -> Image:
    """Return the facts of one image; raises `ports.images.ImageError` when nothing of it can be read."""
    tools.progress(f"reading {wanted.name or wanted.reference}")
    known = tools.read_inventory(wanted.reference, name=wanted.name)
    if known is not None:
        return known
    with tools.open_image(wanted.reference, name=wanted.name) as store:
        ref = wanted.name or (store.tags[0] if store.tags else wanted.reference)
        return read_image(
            store,
            analyzers=tools.analyzers,
            ref=ref,
            source=wanted.reference,
            progress=tools.progress,
            services=tools.layers,
        )


def match(
    images: Sequence[Image], locked: Sequence[Package], tools: Tools
) -> tuple[dict[str, tuple[Vulnerability, ...]], Coverage | None, list[Unknown]]:
    """Return the vulnerabilities by image, those of lock files under the empty key, and what could not be answered."""
    asked: list[tuple[str, tuple[Package, ...], Image | None]] = [
        (image.ref, image.packages, image) for image in images if image.packages
    ]
    if locked:
        asked.append(("", tuple(locked), None))
    if isinstance(tools.advisories, Unknown):
        remarks = [remark for image in images for remark in remember(image, None, tools)]
        return {}, None, [*([tools.advisories] if asked else []), *remarks]
    now = tools.clock.now()
    found: dict[str, tuple[Vulnerability, ...]] = {}
    coverage: Coverage | None = None
    unknowns: list[Unknown] = []
    vex = VexRun(tools)
    for ref, packages, image in asked or [("", (), None)]:
        tools.progress(f"matching {ref or 'lock files'}")
        matches = match_packages(packages, os=image.os if image else None, advisories=tools.advisories, now=now)
        if packages:
            told = vex.apply(matches.vulnerabilities, packages, image)
            found[ref] = (*found.get(ref, ()), *told)
        unknowns.extend(matches.unknowns)
        if image is not None:
            unknowns.extend(remember(image, matches.vulnerabilities, tools))
        coverage = _joined(coverage, matches.coverage)
    return found, coverage, [*unknowns, *vex.unknowns()]


def _joined(known: Coverage | None, new: Coverage) -> Coverage:
    if known is None:
        return new
    ages = [age for age in (known.age_hours, new.age_hours) if age is not None]
    return structs.replace(
        known,
        age_hours=max(ages, default=None),
        missing=tuple(sorted({*known.missing, *new.missing})),
        fixes_only=tuple(sorted({*known.fixes_only, *new.fixes_only})),
    )
