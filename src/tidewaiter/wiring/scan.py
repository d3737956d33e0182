"""The inventory of one image or folder."""

from collections.abc import Sequence
from pathlib import Path

from tidewaiter.core.registry_options import RegistryOptions
from tidewaiter.core.report import Report
from tidewaiter.gates.build.scan import scan
from tidewaiter.gates.build.tools import ImageInput
from tidewaiter.wiring.images import ImageOptions, registry_options
from tidewaiter.wiring.seen import ecosystems_of, note
from tidewaiter.wiring.settings import Progress, Settings
from tidewaiter.wiring.tools import open_tools


def run_scan(
    reference: str,
    *,
    settings: Settings,
    database: str,
    progress: Progress,
    platform: str = "",
    vex: Sequence[str] = (),
    registries: RegistryOptions | None = None,
) -> Report:
    """Take the inventory of one image or folder; `platform` chooses among several images of one name."""
    options = registries or registry_options(RegistryOptions(), Path(), settings.environ)
    images = ImageOptions(registries=options, platform=platform)
    with open_tools(settings, database, progress, images=images, vex=vex) as tools:
        report = scan(ImageInput(reference=reference), tools=tools)
    note(settings.state, ecosystems_of(report))
    return report
