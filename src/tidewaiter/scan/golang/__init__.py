"""What the Go tool chain writes into executables, and how it names versions."""

from tidewaiter.scan.golang.build_info import BuildInfo, GoError, read_build_info
from tidewaiter.scan.golang.modules import packages_of

__all__ = ["BuildInfo", "GoError", "packages_of", "read_build_info"]
