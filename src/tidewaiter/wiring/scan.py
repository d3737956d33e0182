"""The inventory of one image or folder."""

from tidewaiter.core.policy import load
from tidewaiter.core.report import Report
from tidewaiter.gates import build
from tidewaiter.wiring.settings import Progress, Settings
from tidewaiter.wiring.tools import open_tools


def run_scan(reference: str, *, settings: Settings, database: str, progress: Progress) -> Report:
    """Take the inventory of one image or folder."""
    with open_tools(load([]), settings, database, progress) as tools:
        return build.scan(build.ImageInput(reference=reference), tools=tools)
