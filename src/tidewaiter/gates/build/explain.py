"""Why one image has a vulnerability, or why it has not."""

from collections.abc import Sequence

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.vuln.explain import Explanation, explain
from tidewaiter.gates.build.images import read_one
from tidewaiter.gates.build.tools import ImageInput, Tools
from tidewaiter.gates.build.vex import VexRun
from tidewaiter.ports.advisories import AdvisoryError


def explain_defect(
    defect: str, wanted: ImageInput, *, tools: Tools
) -> tuple[tuple[Explanation, ...], tuple[Unknown, ...]]:
    """Return one explanation per package of an image that advisories about a defect could mean.

    The second value tells what of the statements of others (VEX) could not be read. Raises `ports.images.ImageError`, and AdvisoryError without advisory data.
    """
    if isinstance(tools.advisories, Unknown):
        raise AdvisoryError(tools.advisories.reason, tools.advisories.advice)
    image = read_one(wanted, tools)
    vex = VexRun(tools)

    def closed(found: Sequence[Vulnerability]) -> Sequence[Vulnerability]:
        return vex.apply(found, image.packages, image)

    now = tools.clock.now()
    told = explain(defect, image.packages, os=image.os, advisories=tools.advisories, now=now, closed=closed)
    return told, tools.statements.unknowns if tools.statements is not None else ()
