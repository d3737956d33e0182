"""Rust executables built with cargo-auditable (rust-secure-code/cargo-auditable: PARSING.md): section `.dep-v0`."""

import zlib
from typing import Any, Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.executables import MAGICS, ExecutableError, lacks_section, read_executable
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

_SECTION: Final = ".dep-v0"
_LONGEST: Final = 8 << 20
"""Bytes of JSON; a program of a thousand crates has some hundred thousand."""
_CRATES: Final = 20_000


class RustBinary:
    """Reads the list of crates in an executable; what only built it is left out."""

    id: Final = "rust-binary"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "language", "cargo"})
    globs: Final = ("**/*.exe",)
    magics: Final = MAGICS
    max_bytes: Final = 512 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the crates of an executable."""
        return self.parse_view(memoryview(data), path)

    def parse_view(self, data: memoryview, path: str) -> AnalyzerResult:
        """Return the crates of an executable, without a copy of it."""
        if lacks_section(data, _SECTION.encode()):
            return AnalyzerResult()
        try:
            executable = read_executable(data)
            section = executable.section(_SECTION) if executable else None
            return AnalyzerResult(packages=_crates(decode(_inflated(section))) if section is not None else ())
        except ExecutableError:
            return AnalyzerResult()  # the reader of Go executables tells it, once for all of them
        except (JsonError, zlib.error) as error:
            reason = f"its list of crates is damaged ({error})"
            return AnalyzerResult(unknowns=(damaged(path, reason, advice="build the executable again"),))


def _inflated(section: memoryview) -> bytes:
    stream = zlib.decompressobj()
    out = stream.decompress(section, _LONGEST)
    if not stream.eof:
        raise JsonError(f"it is cut off or has more than {_LONGEST} bytes")
    return out


def _crates(root: Any) -> tuple[Package, ...]:
    written = mapping(root).get("packages")
    if not isinstance(written, list) or len(written) > _CRATES:
        raise JsonError(f"it has no list of at most {_CRATES} packages")
    crates = [mapping(one) for one in written]
    purls = [_bare(crate).purl if _is_linked(crate) else "" for crate in crates]
    found = []
    for crate in crates:
        if _is_linked(crate):
            package = _bare(crate, is_main=crate.get("root") is True, requires=_requires(crate, purls))
            found.append(package)
    return tuple(dict.fromkeys(found))


def _is_linked(crate: dict[str, Any]) -> bool:
    """Return whether the crate is in the executable: `runtime` is the kind when none is written."""
    return bool(text(crate.get("name")) and text(crate.get("version"))) and crate.get("kind", "runtime") == "runtime"


def _bare(crate: dict[str, Any], *, is_main: bool = False, requires: tuple[str, ...] = ()) -> Package:
    return Package(
        type="cargo", name=text(crate["name"]), version=text(crate["version"]), is_main=is_main, requires=requires
    )


def _requires(crate: dict[str, Any], purls: list[str]) -> tuple[str, ...]:
    indices = crate.get("dependencies")
    if not isinstance(indices, list):
        return ()
    named = {purls[at] for at in indices if type(at) is int and 0 <= at < len(purls)}
    return tuple(sorted(named - {""}))


ANALYZER: Final = RustBinary()
