"""Well-known programs that were copied or compiled into an image, by the version text that each carries.

Shown only where no package of the distribution owns the file, and as guesses; no names of products are made of them.
"""

import re
from itertools import islice
from typing import Final, NamedTuple

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.executables import ELF_MAGIC, ExecutableError, read_executable
from tidewaiter.scan.lazy_pattern import LazyPattern


class _Program(NamedTuple):
    name: str
    files: tuple[str, ...]
    text: LazyPattern
    """Begins with literal bytes, so that a file of a hundred megabytes is searched fast."""
    is_highest: bool = False
    """Whether the highest of all matches counts, not the first: other versions are history of commands."""


_NUMBER: Final = rb"(\d{1,4}\.\d{1,4}\.\d{1,4}[a-z]?)"
_MATCHES: Final = 10_000
_PYTHONS: Final = tuple(f"3.{minor}" for minor in range(4, 20))
_PROGRAMS: Final = (
    _Program("node", ("node",), LazyPattern(rb"node-v" + _NUMBER + rb"-headers")),
    _Program("nginx", ("nginx",), LazyPattern(rb"nginx version: nginx/" + _NUMBER)),
    _Program(
        "postgresql", ("postgres",), LazyPattern(rb"PostgreSQL (\d{1,4}(?:\.\d{1,4}){1,2})(?: \([^)\0]{1,80}\))? on ")
    ),
    _Program(
        "openssl", ("openssl", "libcrypto.so.3", "libcrypto.so.1.1"), LazyPattern(rb"OpenSSL " + _NUMBER + rb"\b")
    ),
    _Program("curl", ("curl", "libcurl.so.4"), LazyPattern(rb"curl/" + _NUMBER)),
    _Program("busybox", ("busybox",), LazyPattern(rb"BusyBox v" + _NUMBER)),
    _Program("php", ("php", "php-fpm", "libphp.so"), LazyPattern(rb"X-Powered-By: PHP/" + _NUMBER)),
    _Program("httpd", ("httpd", "apache2"), LazyPattern(rb"Apache/" + _NUMBER)),
    _Program("haproxy", ("haproxy",), LazyPattern(rb" version " + _NUMBER + rb"[^\0]{0,40}, released 20")),
    _Program("memcached", ("memcached",), LazyPattern(rb"memcached " + _NUMBER)),
    _Program("mysql", ("mysqld",), LazyPattern(rb"mysql-" + _NUMBER)),
    _Program("mariadb", ("mariadbd",), LazyPattern(rb"MariaDB " + _NUMBER + rb"\0")),
    _Program("redis", ("redis-server",), LazyPattern(rb"\0" + _NUMBER + rb"(?=\0)"), is_highest=True),
    *(
        _Program(
            "python",
            (f"python{version}", f"libpython{version}.so.1.0"),
            LazyPattern(rb"\0(" + re.escape(version.encode()) + rb"\.\d{1,3}(?:(?:a|b|rc)\d{1,2})?\+?)\0"),
        )
        for version in _PYTHONS
    ),
)
_BY_FILE: Final = {
    file: tuple(program for program in _PROGRAMS if file in program.files)
    for file in dict.fromkeys(file for program in _PROGRAMS for file in program.files)
}


class BareBinary:
    """Looks for the version text of a few programs in files of their names."""

    id: Final = "bare-binary"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "generic"})
    globs: Final = tuple(f"**/{file}" for file in _BY_FILE)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 512 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the program of a file."""
        return self.parse_view(memoryview(data), path)

    def parse_view(self, data: memoryview, path: str) -> AnalyzerResult:
        """Return the program of a file, without a copy of it; other files of the name are nothing."""
        if bytes(data[:4]) != ELF_MAGIC:
            return AnalyzerResult()
        try:
            read_executable(data)
        except ExecutableError as error:
            return AnalyzerResult(unknowns=(damaged(path, str(error), advice="build the image again"),))
        for program in _BY_FILE.get(path.rpartition("/")[2], ()):
            version = _version(program, data)
            if version:
                package = Package(type="generic", name=program.name, version=version, is_guess=True)
                return AnalyzerResult(packages=(package,))
        return AnalyzerResult()


def _version(program: _Program, data: memoryview) -> str:
    if not program.is_highest:
        found = program.text.compiled.search(data)
        return found[1].decode("ascii") if found else ""
    versions = {found[1].decode("ascii") for found in islice(program.text.compiled.finditer(data), _MATCHES)}
    return max(versions, key=lambda version: [int(part) for part in re.findall(r"\d+", version)], default="")


ANALYZER: Final = BareBinary()
