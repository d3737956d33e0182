"""The readers of installed packages, in the order of the report."""

from typing import Final

from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.analyzers import dpkg, java, npm, python_metadata

BUILTIN: Final[tuple[Analyzer, ...]] = (
    dpkg.ANALYZER,
    python_metadata.ANALYZER,
    npm.ANALYZER,
    java.ANALYZER,
)
