"""The readers of installed packages, in the order of the report."""

from typing import Final

from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.analyzers import apk, bottlerocket, dpkg, npm, pacman, python_metadata, rpm, rpm_manifest

BUILTIN: Final[tuple[Analyzer, ...]] = (
    dpkg.ANALYZER,
    rpm.ANALYZER,
    rpm_manifest.ANALYZER,
    bottlerocket.ANALYZER,
    apk.ANALYZER,
    pacman.ANALYZER,
    python_metadata.ANALYZER,
    npm.ANALYZER,
)
