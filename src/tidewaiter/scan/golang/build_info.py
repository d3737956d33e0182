"""The build information in a Go executable (golang/go: src/debug/buildinfo), in the inline and the pointer form."""

import struct
from typing import Final, NamedTuple

from tidewaiter.scan.executables import ELF_MAGIC, Executable, Section, lacks_section, read_executable, read_segments

MAGIC: Final = b"\xff Go buildinf:"
_ALIGNED: Final = 16
_HEADER: Final = 32
_SENTINEL: Final = 16
_SEARCHED: Final = 1 << 20
"""Bytes of the data that are searched for the magic."""
_LONGEST: Final = 8 << 20
"""Bytes of the module text."""
_LONGEST_VERSION: Final = 1024
_INLINE: Final = 2
_BIG_ENDIAN: Final = 1
_SECTIONS: Final = (".go.buildinfo", "__go_buildinfo")


class GoError(Exception):
    """Build information is there but damaged: why, as a clause without final stop."""


class BuildInfo(NamedTuple):
    """What `go version -m` prints."""

    version: str
    """Of the Go tool chain, as written: `go1.22.1`, `go1.21.0 X:boringcrypto`."""
    modules: str
    """Tab-separated lines; empty for a build without modules."""
    problem: str = ""
    """Why the modules could not be read, as a clause; empty when they were."""


def read_build_info(data: memoryview) -> BuildInfo | None:
    """Return the build information, None when the executable was not made by Go; GoError, ExecutableError."""
    if bytes(data[:4]) == ELF_MAGIC and lacks_section(data, b".go.buildinfo"):
        return _without_section(Executable(data, (), read_segments(data)))
    executable = read_executable(data)
    if executable is None:
        return None
    section = next((one for one in executable.sections if one.name in _SECTIONS), None)
    if section is None:
        return _without_section(executable)
    found = _find(executable, section)
    if found is None:
        raise GoError("its section for build information holds none")
    return found


def _without_section(executable: Executable) -> BuildInfo | None:
    """Return what stands in the first writable data; any program may hold the magic there by chance."""
    for one in executable.segments:
        if one.is_writable and one.size:
            try:
                return _find(executable, Section("", one.start, one.size))
            except GoError:
                return None
    return None


def _find(executable: Executable, place: Section) -> BuildInfo | None:
    held = executable.data
    searched = bytes(held[place.start : place.start + min(place.size, _SEARCHED)])
    at = searched.find(MAGIC)
    while at >= 0 and at % _ALIGNED:
        at = searched.find(MAGIC, at + 1)
    if at < 0:
        return None
    start = place.start + at
    header = bytes(held[start : start + _HEADER])
    if len(header) < _HEADER:
        raise GoError("its build information is cut off")
    return _inline(held, start) if header[15] & _INLINE else _pointers(executable, header)


def _inline(data: memoryview, start: int) -> BuildInfo:
    """Read the form of Go 1.18 and later: two texts behind the header, each after its length."""
    version, at = _text(data, start + _HEADER, _LONGEST_VERSION)
    modules, _ = _text(data, at, _LONGEST)
    return _info(version, modules)


def _text(data: memoryview, at: int, limit: int) -> tuple[bytes, int]:
    length = shift = 0
    while True:
        if at >= len(data) or shift > 56:
            raise GoError("a length in its build information is damaged")
        byte = data[at]
        at += 1
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
    if length > limit or at + length > len(data):
        raise GoError("a text in its build information is cut off")
    return bytes(data[at : at + length]), at + length


def _pointers(executable: Executable, header: bytes) -> BuildInfo:
    """Read the older form: the addresses of two string headers, each an address and a length."""
    size, order = header[14], ">" if header[15] & _BIG_ENDIAN else "<"
    if size not in {4, 8}:
        raise GoError("its build information has pointers of an unknown size")
    form = struct.Struct(f"{order}{'II' if size == 4 else 'QQ'}")
    texts = []
    for address, limit in zip(form.unpack_from(header, 16), (_LONGEST_VERSION, _LONGEST), strict=True):
        string = executable.at(address, form.size) if address else None
        if string is None:
            texts.append(b"")
            continue
        place, length = form.unpack(string)
        body = executable.at(place, length) if length <= limit else None
        if body is None:
            raise GoError("its build information points outside the file")
        texts.append(bytes(body))
    return _info(*texts)


def _info(version: bytes, modules: bytes) -> BuildInfo:
    if not version:
        raise GoError("its build information names no version of Go")
    # The text stands between two marks that let tools find it without this header.
    is_marked = len(modules) > 2 * _SENTINEL and modules[-_SENTINEL - 1 : -_SENTINEL] == b"\n"
    text = modules[_SENTINEL:-_SENTINEL].decode("utf-8", "replace") if is_marked else ""
    problem = "the list of modules in its build information is damaged" if modules and not is_marked else ""
    return BuildInfo(version.decode("utf-8", "replace"), text, problem)
