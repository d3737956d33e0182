"""Scans an image made by `images.build_image` with the built-in analyzers."""

from pathlib import Path
from typing import Any

from images import build_image
from tidewaiter.adapters.images import open_image
from tidewaiter.core.model.image import Image
from tidewaiter.core.registry import Registry
from tidewaiter.scan.analyzers import BUILTIN
from tidewaiter.scan.image import read_image


def scan(reference: Path | str, *, name: str = "", **options: Any) -> Image:
    """Return the facts of an archive or folder; `options` go to `read_image`."""
    with open_image(str(reference), name=name) as store:
        return read_image(store, analyzers=Registry("analyzers", BUILTIN), ref="test", source=str(reference), **options)


def scan_layers(folder: Path, *layers: Any, **options: Any) -> Image:
    """Return the facts of an image of the given layers; `options` go to `build_image`."""
    return scan(build_image(folder / "image.tar", layers=layers, **options))


def status(*packages: str) -> str:
    """Return a dpkg status file of `name=version` packages."""
    stanza = "Package: {}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {}\n\n"
    return "".join(stanza.format(*package.split("=")) for package in packages)


def names(image: Image) -> dict[str, int | None]:
    """Return `name=version` of the packages with their layer."""
    return {f"{one.name}={one.version}": one.location.layer for one in image.packages if one.location is not None}


def problems(image: Image) -> list[str]:
    """Return subject and reason of everything that leaves the scan incomplete."""
    return [f"{unknown.subject}: {unknown.reason}" for unknown in image.unknowns if unknown.incomplete]
