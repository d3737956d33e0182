"""One pass over a Java archive and what is nested in it."""

import re
from typing import TYPE_CHECKING, Final

import msgspec

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.java import famous
from tidewaiter.scan.java.identity import Evidence, identify
from tidewaiter.scan.java.manifest import LONGEST, Coordinates, read_manifest, read_properties
from tidewaiter.scan.java.names import EXTENSIONS, is_archive
from tidewaiter.scan.zip_archive import Budget, Member, Reader, ZipError, read_directory
from tidewaiter.scan.zip_archive.bounds import DEPTH

if TYPE_CHECKING:
    from tidewaiter.core.model.verdict import Unknown

ALIVE: Final = 512 << 20
"""Bytes of inflated archives that are held at once, one in the other."""
MODULES: Final = 20_000
"""Modules of one file that are told."""
UNKNOWNS: Final = 50
"""Pieces of damage of one file that are told."""
_NESTED: Final = tuple(f".{extension}".encode() for extension in (*EXTENSIONS, "zip"))
_MAVEN: Final = re.compile(rb"(?:.*/)?META-INF/maven/([^/]+)/([^/]+)/pom\.(properties|xml)", re.DOTALL)
_MANIFEST: Final = b"META-INF/MANIFEST.MF"


def read_archive(data: memoryview, path: str) -> AnalyzerResult:
    """Return every module of the archive at `path`, with `inside` for what lies within; damage becomes Unknowns."""
    walk = _Walk(path)
    walk.archive(data, path, "", 1, ALIVE)
    return AnalyzerResult(packages=tuple(dict.fromkeys(walk.packages)), unknowns=tuple(walk.unknowns))


def _keep(name: bytes, classes: frozenset[bytes] = famous.NAMES) -> bool:
    if name[-6:] == b".class":  # nearly all members; a slice costs less than a call
        return name[name.rfind(b"/") + 1 : -6] in classes
    lower = name.lower()
    return lower.endswith(_NESTED) or lower == b"meta-inf/manifest.mf" or _MAVEN.fullmatch(name) is not None


class _Walk:
    """What the archives of one file share."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._budget = Budget()
        self._is_full = False
        self.packages: list[Package] = []
        self.unknowns: list[Unknown] = []

    def archive(self, data: memoryview, name: str, inside: str, depth: int, room: int) -> None:
        """Read one archive; `inside` is its path in the outermost one, empty for that."""
        try:
            directory = read_directory(data, _keep, self._budget)
        except ZipError as error:
            self._damage(inside, str(error))
            return
        if directory.problem:
            self._damage(inside, directory.problem)
        reader = Reader(data, directory, self._budget)
        nested = [one for one in directory.members if one.name.lower().endswith(_NESTED)]
        self._own(reader, directory.members, name, inside, has_nested=bool(nested))
        for member in nested:
            self._nested(reader, member, inside, depth, room)

    def _own(self, reader: Reader, members: tuple[Member, ...], name: str, inside: str, *, has_nested: bool) -> None:
        manifest = {}
        poms: dict[str, Coordinates] = {}
        folders: dict[tuple[str, str], None] = {}
        classes: list[Member] = []
        for member in members:
            if member.name.endswith(b".class"):
                classes.append(member)
            elif (found := _MAVEN.fullmatch(member.name)) is not None:
                folders[_text(found[1]), _text(found[2])] = None
                if found[3] == b"properties" and (body := self._read(reader, member, inside)) is not None:
                    coordinates = read_properties(body)
                    if coordinates is not None:
                        poms[_text(member.name)] = coordinates
            elif member.name.upper() == _MANIFEST and (body := self._read(reader, member, inside)) is not None:
                manifest = dict(read_manifest(body))
        before = len(self.packages)
        if not name.lower().endswith(".zip"):
            own = identify(Evidence(name, manifest, tuple(poms.values()), tuple(folders)))
            if own is not None:
                self._add(own.at, inside, is_guess=own.is_guess, is_main=has_nested and not inside, licence=own.licence)
                poms = {at: one for at, one in poms.items() if one != own.at}
        for at, coordinates in poms.items():
            self._add(coordinates, _joined(inside, at))
        if classes:
            self._famous(reader, classes, inside, {package.name for package in self.packages[before:]})

    def _famous(self, reader: Reader, classes: list[Member], inside: str, known: set[str]) -> None:
        for library, root, members in famous.libraries(classes):
            if f"{library.group}:{library.artifact}" in known:
                continue
            bodies = ((one.name, self._read(reader, one, inside)) for one in members)
            found = famous.version(library, root, ((name, body) for name, body in bodies if body is not None))
            if found is not None:
                at = Coordinates(library.group, library.artifact, found)
                self._add(at, _joined(inside, root.decode("utf-8", "replace")), is_guess=True)

    def _nested(self, reader: Reader, member: Member, inside: str, depth: int, room: int) -> None:
        name = _joined(inside, _text(member.name))
        if depth >= DEPTH:
            self._damage(name, f"it is nested deeper than {DEPTH} archives")
            return
        try:
            body = reader.read(member, room)
        except ZipError as error:
            self._damage(name, str(error))
            return
        if is_archive(name, bytes(body[:2])):
            left = room - (len(body) if member.method else 0)
            self.archive(body, name, name, depth + 1, left)

    def _read(self, reader: Reader, member: Member, inside: str) -> bytes | None:
        try:
            return bytes(reader.read(member, LONGEST))
        except ZipError as error:
            self._damage(_joined(inside, _text(member.name)), str(error))
            return None

    def _add(
        self, at: Coordinates, inside: str, *, is_guess: bool = False, is_main: bool = False, licence: str = ""
    ) -> None:
        if len(self.packages) >= MODULES:
            if not self._is_full:
                self._is_full = True
                self._damage("", f"it names more than {MODULES} modules")
            return
        self.packages.append(
            Package(
                type="maven",
                name=f"{at.group}:{at.artifact}" if at.group else at.artifact,
                version=at.version,
                inside=inside,
                is_guess=is_guess,
                is_main=is_main,
                licence=licence,
            )
        )

    def _damage(self, inside: str, reason: str) -> None:
        if len(self.unknowns) >= UNKNOWNS:
            return
        where = f"{self._path}!/{inside}" if inside else self._path
        # A plain zip is seldom a distribution of Java archives, so its damage is told but does not fail the scan.
        found = damaged(where, reason, advice="build the archive again")
        self.unknowns.append(msgspec.structs.replace(found, incomplete=not self._path.lower().endswith(".zip")))


def _joined(inside: str, name: str) -> str:
    return f"{inside}!/{name}" if inside else name


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
