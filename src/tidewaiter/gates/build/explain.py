"""Why one image has a vulnerability, or why it has not."""

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.vuln.explain import Explanation, explain
from tidewaiter.gates.build.images import read_one
from tidewaiter.gates.build.tools import ImageInput, Tools
from tidewaiter.ports.advisories import AdvisoryError


def explain_defect(defect: str, wanted: ImageInput, *, tools: Tools) -> tuple[Explanation, ...]:
    """Return one explanation per package of an image that advisories about a defect could mean.

    Raises `ports.images.ImageError`, and AdvisoryError without advisory data.
    """
    if isinstance(tools.advisories, Unknown):
        raise AdvisoryError(tools.advisories.reason, tools.advisories.advice)
    image = read_one(wanted, tools)
    return explain(defect, image.packages, os=image.os, advisories=tools.advisories, now=tools.clock.now())
