"""ELF notes that name the package of an executable (systemd: ELF_PACKAGE_METADATA): section `.note.package`."""

import struct
from collections.abc import Iterator
from typing import Any, Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.executables import ELF_MAGIC, ExecutableError, lacks_section, read_executable
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

_SECTION: Final = ".note.package"
_OWNER: Final = b"FDO\0"
_PACKAGE: Final = 0xCAFE1A7E
_LONGEST: Final = 65_536
_TYPES: Final = frozenset({"rpm", "deb", "apk", "alpm"})


class ElfNote:
    """Reads which package an executable was built for; it often is the source package's name."""

    id: Final = "elf-note"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "os"})
    globs: Final[tuple[str, ...]] = ()
    magics: Final = (ELF_MAGIC,)
    max_bytes: Final = 512 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the package that an executable names."""
        return self.parse_view(memoryview(data), path)

    def parse_view(self, data: memoryview, path: str) -> AnalyzerResult:
        """Return the package that an executable names, without a copy of it."""
        if lacks_section(data, _SECTION.encode()):
            return AnalyzerResult()
        try:
            executable = read_executable(data)
            order = ">" if bytes(data[5:6]) == b"\2" else "<"
            sections = executable.named(_SECTION) if executable else ()
            notes = [note for section in sections for note in _notes(bytes(section[:_LONGEST]), order)]
            return AnalyzerResult(packages=tuple(found for note in notes if (found := _package(decode(note)))))
        except ExecutableError:
            return AnalyzerResult()  # the reader of Go executables tells it, once for all of them
        except JsonError as error:
            reason = f"its package note is damaged ({error})"
            return AnalyzerResult(unknowns=(damaged(path, reason, advice="build the executable again"),))


def _notes(section: bytes, order: str) -> Iterator[bytes]:
    """Yield the texts of package notes; a note is padded to four bytes."""
    at = 0
    while at + 12 <= len(section):
        name_size, size, kind = struct.unpack_from(f"{order}III", section, at)
        name_at = at + 12
        at = name_at + -(-name_size // 4) * 4
        if at + size > len(section):
            raise JsonError("it is cut off")
        if kind == _PACKAGE and section[name_at : name_at + name_size] == _OWNER:
            yield section[at : at + size].rstrip(b"\0")
        at += -(-size // 4) * 4


def _package(note: Any) -> Package | None:
    fields = mapping(note)
    kind, name, version = (text(fields.get(key)) for key in ("type", "name", "version"))
    if not name or not version:
        raise JsonError("it has no name or no version")
    system, release = _system(fields)
    return Package(
        type=kind if kind in _TYPES else "generic",
        name=name,
        version=version,
        arch=text(fields.get("architecture")),
        namespace=system,
        distro="-".join(part for part in (system, release) if part),
        is_guess=True,
    )


def _system(fields: dict[str, Any]) -> tuple[str, str]:
    """Return id and release of the distribution, from `os` and `osVersion` or else from the CPE."""
    system, release = text(fields.get("os")), text(fields.get("osVersion"))
    parts = text(fields.get("osCpe")).split(":")
    if not system and parts[0] == "cpe" and len(parts) > 4:
        shift = 1 if parts[1] == "2.3" else 0
        system, release = parts[2 + shift].removesuffix("project"), parts[4 + shift]
    return system.lower(), release


ANALYZER: Final = ElfNote()
