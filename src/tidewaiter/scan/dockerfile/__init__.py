"""Dockerfiles: parsed with line numbers, and aligned with the history of the image they made."""

from tidewaiter.scan.dockerfile.align import align
from tidewaiter.scan.dockerfile.parse import parse

__all__ = ["align", "parse"]
