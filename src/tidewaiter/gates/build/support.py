"""Adds to an image until when its distribution is mended, which files inside it do not tell."""

from msgspec import structs

from tidewaiter.core.model.image import Image
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.vuln import AdvisorySource
from tidewaiter.core.vuln.support import with_support


def with_end_of_life(image: Image, advisories: AdvisorySource | Unknown) -> Image:
    """Return the image with the dates of its system; without advisory data those of the shipped table."""
    if image.os is None:
        return image
    source = None if isinstance(advisories, Unknown) else advisories
    return structs.replace(image, os=with_support(image.os, source))
