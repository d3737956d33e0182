"""The readers of installed packages, in the order of the report."""

from typing import Final

from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.analyzers import (
    apk,
    bare_binary,
    bottlerocket,
    composer_installed,
    conda_meta,
    dnf_history,
    dotnet_deps,
    dpkg,
    elf_note,
    embedded_sbom,
    gemspec,
    go_binary,
    java,
    jdk_release,
    npm,
    pacman,
    python_egg,
    python_metadata,
    rpm,
    rpm_manifest,
    rust_binary,
    yumdb,
)

BUILTIN: Final[tuple[Analyzer, ...]] = (
    dpkg.ANALYZER,
    rpm.ANALYZER,
    rpm_manifest.ANALYZER,
    bottlerocket.ANALYZER,
    apk.ANALYZER,
    pacman.ANALYZER,
    dnf_history.ANALYZER,
    yumdb.ANALYZER,
    python_metadata.ANALYZER,
    python_egg.ANALYZER,
    npm.ANALYZER,
    java.ANALYZER,
    go_binary.ANALYZER,
    rust_binary.ANALYZER,
    jdk_release.ANALYZER,
    dotnet_deps.ANALYZER,
    composer_installed.ANALYZER,
    gemspec.ANALYZER,
    embedded_sbom.ANALYZER,
    conda_meta.ANALYZER,
    elf_note.ANALYZER,
    bare_binary.ANALYZER,
)
