"""The readers of installed packages, in the order of the report."""

from typing import Final

from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.analyzers import (
    apk,
    bottlerocket,
    dpkg,
    elf_note,
    go_binary,
    npm,
    pacman,
    python_metadata,
    rpm,
    rpm_manifest,
    rust_binary,
)

BUILTIN: Final[tuple[Analyzer, ...]] = (
    dpkg.ANALYZER,
    rpm.ANALYZER,
    rpm_manifest.ANALYZER,
    bottlerocket.ANALYZER,
    apk.ANALYZER,
    pacman.ANALYZER,
    python_metadata.ANALYZER,
    npm.ANALYZER,
    go_binary.ANALYZER,
    rust_binary.ANALYZER,
    elf_note.ANALYZER,
)
