"""Analyzers of installed plug-ins."""

import os
import sys
from collections.abc import Iterable

from tidewaiter.scan.analyzer import Analyzer

_GROUP = "tidewaiter.analyzers"
_METADATA = (".dist-info", ".egg-info")


def plugin_analyzers() -> list[Analyzer]:
    """Return what entry points of the group `tidewaiter.analyzers` name; a broken one raises what its import raises."""
    if not may_have_plugins(sys.path):
        return []
    from importlib import metadata  # noqa: PLC0415 - it takes longer than the look that says no in nearly every run

    return [point.load() for point in metadata.entry_points(group=_GROUP)]


def may_have_plugins(places: Iterable[str]) -> bool:
    """Return whether a distribution in folders of modules may have entry points of ours; only folders can say no."""
    return any(map(_may, places))


def _may(place: str) -> bool:
    folder = place or "."
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names alone, of a thousand entries
    except FileNotFoundError:
        return False
    except OSError:
        return True  # an archive of modules, or something that we cannot look into
    return any(
        name.endswith(".egg") or (name.endswith(_METADATA) and _names_us(f"{folder}/{name}/entry_points.txt"))
        for name in names
    )


def _names_us(file: str) -> bool:
    try:
        with open(file, "rb") as stream:  # noqa: PTH123 - paths cost more than the reading here
            return _GROUP.encode() in stream.read()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
