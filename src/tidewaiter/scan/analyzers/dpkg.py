"""Debian packages (deb-control(5), dpkg: lib/dpkg/parse.c): the status file, distroless `status.d`, and file lists."""

import re
from typing import TYPE_CHECKING, Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.owned import evidence, evidence_lines

if TYPE_CHECKING:
    from tidewaiter.core.model.verdict import Unknown

_FIELD: Final = re.compile(
    r"^(Package|Status|Version|Architecture|Source|Maintainer):(.*)$", re.MULTILINE | re.IGNORECASE
)
_SUM: Final = 32
"""Characters of a sum."""
_ABSENT: Final = frozenset({"not-installed", "config-files"})


class Dpkg:
    """Reads what dpkg keeps below var/lib/dpkg, and opkg in the same format."""

    id: Final = "dpkg"
    version: Final = 2
    tags: Final = frozenset({"image", "installed", "os", "deb"})
    globs: Final = ("var/lib/dpkg/status", "var/lib/dpkg/status.d/*", "usr/lib/opkg/status", "var/lib/dpkg/info/*.list")
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 64 << 20

    def wants(self, path: str) -> bool:
        """Accept every path of `globs`."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the installed packages of a database, or the owned files of a list."""
        if path.endswith(".list"):
            return _file_list(data, path)
        if path.endswith(".md5sums"):
            return _checksums(data, path)
        return _database(data, path, is_status=path.endswith("/status"))


def _file_list(data: bytes, path: str) -> AnalyzerResult:
    name = path.rpartition("/")[2].removesuffix(".list").partition(":")[0]
    return AnalyzerResult(owned=tuple((file, name) for file in evidence_lines(data)))


def _checksums(data: bytes, path: str) -> AnalyzerResult:
    """Return the owned files of a distroless image, which has sums (md5sum(1)) in place of lists."""
    name = path.rpartition("/")[2].removesuffix(".md5sums").partition(":")[0]
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    sums = (line for line in lines if line[_SUM : _SUM + 2] in {"  ", " *"})
    files = (line[_SUM + 2 :].lstrip("/").removeprefix("./") for line in sums)
    return AnalyzerResult(owned=tuple((file, name) for file in evidence(files)))


def _database(data: bytes, path: str, *, is_status: bool) -> AnalyzerResult:
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    packages: list[Package] = []
    unknowns: list[Unknown] = []
    for stanza in re.split(r"\n(?:[ \t]*\n)+", text):
        if not stanza.strip("\0 \t\n"):
            continue
        written = _FIELD.findall(stanza)
        fields = {name.lower(): value.strip(" \t\r") for name, value in written}
        if len(fields) < len(written):
            reason = f"the stanza of `{_title(stanza, fields)}` says a field twice, so a blank line may be lost"
            unknowns.append(damaged(path, reason, advice=_CUT))
        if _is_absent(fields.get("status")):
            continue
        if fields.get("package") and fields.get("version"):
            packages.append(_package(fields))
        else:
            lacks = "Version" if fields.get("package") else "Package"
            unknowns.append(damaged(path, f"the stanza of `{_title(stanza, fields)}` has no {lacks}"))
    if is_status and text and not text.endswith("\n"):
        last = f"{packages[-1].name}" if packages else "the first package"
        unknowns.append(damaged(path, f"the file ends in the middle of a line, near {last}", advice=_CUT))
    elif not packages and not unknowns and not is_status:
        unknowns.append(damaged(path, "the file names no package"))
    return AnalyzerResult(packages=tuple(packages), unknowns=tuple(unknowns[:50]))


def _is_absent(status: str | None) -> bool:
    """Return whether `want flag state` says that the package is gone; a stanza without Status is installed."""
    return status is not None and bool(status) and status.split()[-1] in _ABSENT


def _package(fields: dict[str, str]) -> Package:
    name, version = fields["package"], fields["version"]
    source, _, rest = fields.get("source", "").partition(" ")
    source_version = rest.strip().removeprefix("(").removesuffix(")")
    return Package(
        type="deb",
        name=name,
        version=version,
        arch=fields.get("architecture", ""),
        source_name=source if source != name else "",
        source_version=source_version if source_version != version else "",
        maintainer=fields.get("maintainer", ""),
    )


def _title(stanza: str, fields: dict[str, str]) -> str:
    return fields.get("package") or stanza.strip()[:40].partition("\n")[0].encode("unicode_escape").decode()


_CUT: Final = "the layer that wrote it was cut off or edited by hand"

ANALYZER: Final = Dpkg()
