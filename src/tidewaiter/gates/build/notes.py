"""What a person may have meant otherwise: said beside the report, without effect on the verdict."""

from collections.abc import Iterator

from tidewaiter.core.context import Context
from tidewaiter.core.policy.stages import PRODUCTION
from tidewaiter.core.report import Note

_LIKE_PRODUCTION = frozenset({"prod", "prd", "live"})


def asides(context: Context, environment: str) -> Iterator[Note]:
    """Yield remarks about an environment that sounds like production, and about images that no workload runs."""
    if environment != PRODUCTION and environment.lower() in {*_LIKE_PRODUCTION, PRODUCTION}:
        yield Note(
            subject=f"environment {environment}",
            text=f"it is not `{PRODUCTION}`, so open questions only warn; write `{PRODUCTION}` if that is meant",
        )
    if not context.tree.workloads:
        return
    for image in context.tree.images:
        if not context.containers_of(image):
            text = (
                "no workload of the tree runs it under this name; `--image NAME=PATH` takes the name of the manifests"
            )
            yield Note(subject=f"image {image.ref}", text=text)
