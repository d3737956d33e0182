"""Go executables (golang/go: src/debug/buildinfo): the modules they were built from."""

from typing import Final

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.executables import MAGICS, ExecutableError
from tidewaiter.scan.golang import GoError, packages_of, read_build_info

_ADVICE: Final = "build the executable again"
_HEADERS: Final = 1024
"""Bytes in which the mark of UPX stands."""


class GoBinary:
    """Reads the build information that the Go tool chain leaves in ELF, PE and Mach-O executables."""

    id: Final = "go-binary"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "language", "golang"})
    globs: Final = ("**/*.exe",)
    magics: Final = MAGICS
    max_bytes: Final = 512 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the modules of an executable."""
        return self.parse_view(memoryview(data), path)

    def parse_view(self, data: memoryview, path: str) -> AnalyzerResult:
        """Return the modules of an executable, without a copy of it."""
        try:
            info = read_build_info(data)
        except (GoError, ExecutableError) as error:
            return AnalyzerResult(unknowns=(damaged(path, str(error), advice=_ADVICE),))
        if info is None:
            return AnalyzerResult(unknowns=(_packed(path),) if _is_packed(data) else ())
        unknowns = (damaged(path, info.problem, advice=_ADVICE),) if info.problem else ()
        return AnalyzerResult(packages=packages_of(info), unknowns=unknowns)


def _is_packed(data: memoryview) -> bool:
    """Return whether UPX packed the executable: its mark stands behind the headers (upx/upx: src/stub/src/include)."""
    return b"UPX!" in bytes(data[:_HEADERS])


def _packed(path: str) -> Unknown:
    reason = "the executable is packed by UPX, so what it was built from cannot be read"
    return Unknown(subject=path, reason=reason, advice="scan it before it is packed", incomplete=False)


ANALYZER: Final = GoBinary()
