"""Python eggs that were not unpacked (setuptools: egg formats): the metadata within `*.egg`."""

from typing import Final

from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.python_headers import HeadersError, read_headers
from tidewaiter.scan.zip_archive import Budget, Reader, ZipError, read_directory

_METADATA: Final = b"EGG-INFO/PKG-INFO"
_LONGEST: Final = 1 << 20


class PythonEgg:
    """Reads the one distribution of an egg; an unpacked egg is a folder, which the reader of metadata reads."""

    id: Final = "python-egg"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "language", "pypi"})
    globs: Final = ("**/*.egg",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 512 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the distribution of an egg."""
        return self.parse_view(memoryview(data), path)

    def parse_view(self, data: memoryview, path: str) -> AnalyzerResult:
        """Return the distribution of an egg, without a copy of it."""
        budget = Budget()
        try:
            directory = read_directory(data, lambda name: name == _METADATA, budget)
            if not directory.members and not directory.problem:
                return AnalyzerResult()
            if not directory.members:
                return _damaged(path, directory.problem)
            body = bytes(Reader(data, directory, budget).read(directory.members[0], _LONGEST))
            return AnalyzerResult(packages=(read_headers(body),))
        except (ZipError, HeadersError) as error:
            return _damaged(path, str(error))


def _damaged(path: str, reason: str) -> AnalyzerResult:
    return AnalyzerResult(unknowns=(damaged(path, reason, advice="reinstall the package"),))


ANALYZER: Final = PythonEgg()
