"""Ubuntu's CVE tracker, one text file per CVE (git.launchpad.net/ubuntu-cve-tracker: README).

The source of Ubuntu's other feeds, with the words that they leave out: not affected, ignored, deferred.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln import ubuntu
from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Qualifiers, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes

_LARGEST = 16 << 20
_HEAD = re.compile(rb"(?:^|\n)Candidate:[ \t]*CVE-[0-9]{4}-[0-9]+")
_STATE = re.compile(r"([a-z0-9/.-]+)_([a-z0-9][a-z0-9+.-]*):[ \t]*([a-zA-Z-]+)(?:[ \t]+\((.*)\))?[ \t]*", re.ASCII)
_VECTOR = re.compile(r"CVSS:[0-9.]+/[A-Za-z:/]+")
_VERSION = re.compile(r"(?:[0-9]+:)?[0-9][0-9A-Za-z.+~:-]*", re.ASCII)
_OVER = ("end of life", "end-of-life", "end of standard support", "out of standard support", "end of esm support")
_STATUSES = {
    "needed": Status.AFFECTED,
    "pending": Status.AFFECTED,
    "active": Status.AFFECTED,
    "deferred": Status.FIX_DEFERRED,
    "not-affected": Status.NOT_AFFECTED,
    "needs-triage": Status.UNDER_INVESTIGATION,
}
_NO_RELEASE = frozenset({"upstream", "devel", "product", "snap"})


class UbuntuCveTracker:
    """Heard where OSV and VEX say nothing."""

    id = "ubuntu-cve-tracker"
    tags = frozenset({"advisories", "Ubuntu"})
    is_snapshot = False
    feed = Feed(
        id="ubuntu-cve-tracker",
        name="Ubuntu CVE tracker",
        url="https://git.launchpad.net/ubuntu-cve-tracker",
        licence="CC-BY-SA-4.0",
        precedence=3,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the field that every file begins with."""
        return b"\0" not in head and _HEAD.search(head[:4096]) is not None

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield the record of the file; DocumentError when it is no text or too large."""
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise DocumentError(f"it is larger than {_LARGEST} bytes")
        fields = dict(_fields(data.decode("utf-8", "replace")))
        name = fields.get("Candidate", "")
        if CVE.fullmatch(name) is None:
            raise DocumentError(f"`{name[:40]}` is not a CVE id")
        severity = fields.get("Priority", "").partition(" ")[0].lower()
        statements: dict[Statement, None] = {}
        for field, text in fields.items():
            if "_" in field and not field.startswith(("#", "Patches_", "Tags_", "Priority_", "Assigned-to_")):
                statements.update(dict.fromkeys(_statements(f"{field}: {text}", severity, notes)))
        yield Record(
            feed=self.id,
            record=name,
            id=name,
            vectors=tuple(dict.fromkeys(_VECTOR.findall(fields.get("CVSS", "")))),
            published=_day(fields.get("PublicDate", "")),
            statements=tuple(_going_on(statements)),
        )


def _going_on(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Leave out the end of standard support where a paid channel goes on with the same package and release."""
    told = list(statements)
    paid = {one.key for one in told if one.qualifiers.needs}
    for one in told:
        if one.status is not Status.END_OF_LIFE or one.qualifiers.needs or one.key not in paid:
            yield one


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each field; indented lines continue the one above."""
    name, parts = "", list[str]()
    for line in text.splitlines():
        if line[:1] in {" ", "\t"}:
            parts.append(line.strip())
            continue
        field, colon, value = line.partition(":")
        if colon:
            if name:
                yield name, " ".join(parts).strip()
            name, parts = field.strip(), [value.strip()]
    if name:
        yield name, " ".join(parts).strip()


def _statements(line: str, severity: str, notes: Notes) -> Iterator[Statement]:
    found = _STATE.fullmatch(line)
    if found is None:
        notes.problem(line[:60], "is no state of a package")
        return
    distro, package, word, detail = found[1], found[2], found[3].lower(), found[4] or ""
    release = ubuntu.distro_release(distro)
    if distro in _NO_RELEASE or not release:
        return
    if word == "dne":
        return  # the release never had the package
    needs = ubuntu.channel_of("", distro)
    flavour = ubuntu.FIPS if needs.partition(":")[2].startswith(ubuntu.FIPS) else ""
    interval, status = Interval(), _STATUSES.get(word, Status.UNKNOWN)
    if word == "ignored":
        status = Status.END_OF_LIFE if detail.lower().startswith(_OVER) else Status.WILL_NOT_FIX
    elif word == "released":
        version = _VERSION.fullmatch(detail.strip())
        if version is None:
            status = Status.UNKNOWN
        else:
            interval, status = Interval(hi=version[0], fixed=version[0]), Status.AFFECTED
    yield Statement(
        key=PackageKey(ecosystem="Ubuntu", release=release, name=package),
        interval=interval,
        status=status,
        severity=severity if severity != "untriaged" else "",
        qualifiers=Qualifiers(needs=needs, flavour=flavour),
    )


def _day(text: str) -> str:
    found = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    return f"{found[0]}T00:00:00Z" if found is not None else ""
