"""Everything about one vulnerability in one image."""

from collections.abc import Sequence
from pathlib import Path

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.registry_options import RegistryOptions
from tidewaiter.core.vuln.explain import Explanation
from tidewaiter.gates.build.explain import explain_defect
from tidewaiter.gates.build.tools import ImageInput
from tidewaiter.wiring.images import ImageOptions, registry_options
from tidewaiter.wiring.settings import Progress, Settings
from tidewaiter.wiring.tools import open_tools


def run_explain(
    defect: str, reference: str, *, settings: Settings, database: str, progress: Progress, vex: Sequence[str] = ()
) -> tuple[tuple[Explanation, ...], tuple[Unknown, ...]]:
    """Explain a defect in an image given by path or name; `NAME=PATH` names the path.

    The second value tells which of the documents `vex` could not be read.
    """
    name, equals, path = reference.partition("=")
    wanted = ImageInput(reference=path, name=name) if equals else ImageInput(reference=reference)
    images = ImageOptions(registries=registry_options(RegistryOptions(), Path(), settings.environ))
    with open_tools(settings, database, progress, images=images, vex=vex) as tools:
        return explain_defect(defect, wanted, tools=tools)
