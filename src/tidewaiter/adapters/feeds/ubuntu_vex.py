"""Ubuntu's OpenVEX documents, one per CVE (security-metadata.canonical.com: vex).

They alone say that a package is not affected; about fixes OSV knows more, so it is believed first. The version of a
product is the one in the archive, not the fix.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import parse_qs, unquote

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln import ubuntu
from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Qualifiers, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import UNREADABLE

_LARGEST = 256 << 20
_HEAD = 4 << 10
_STATUSES = {
    "not_affected": Status.NOT_AFFECTED,
    "affected": Status.AFFECTED,
    "under_investigation": Status.UNDER_INVESTIGATION,
}


class _Product(msgspec.Struct):
    id: str = msgspec.field(name="@id", default="")


class _Vulnerability(msgspec.Struct):
    name: str = ""


class _Statement(msgspec.Struct):
    status: str
    vulnerability: _Vulnerability
    products: list[_Product] | None = None


class _Document(msgspec.Struct):
    statements: list[msgspec.Raw] | None = None
    timestamp: str = ""
    metadata: dict[str, str | int] | None = None


class UbuntuVex:
    """The distribution's word on every source package and channel that a CVE was looked at in."""

    id = "ubuntu-vex"
    tags = frozenset({"advisories", "Ubuntu"})
    is_snapshot = False
    feed = Feed(
        id="ubuntu-vex",
        name="Ubuntu VEX",
        url="https://security-metadata.canonical.com/vex/vex-all.tar.xz",
        licence="CC-BY-SA-4.0",
        precedence=2,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise an OpenVEX document that Canonical wrote, also in the early form with `metadata`."""
        start = head[:_HEAD]
        return b"openvex.dev/ns" in start and b"Canonical" in start and b"/vex/" in start

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE; DocumentError when the document cannot be read."""
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise DocumentError(f"it is larger than {_LARGEST} bytes")
        try:
            document = msgspec.json.decode(data, type=_Document)
        except UNREADABLE as error:
            raise DocumentError(str(error)) from error
        time = _time(document.timestamp or str((document.metadata or {}).get("timestamp", "")))
        notes.newest(time)
        if not document.statements:
            notes.skip("says nothing")
        by_cve: dict[str, dict[Statement, None]] = {}
        decoder = msgspec.json.Decoder(_Statement)
        for place, raw in enumerate(document.statements or ()):
            try:
                statement = decoder.decode(raw)
            except UNREADABLE as error:
                notes.problem(f"statement {place}", str(error))
                continue
            name = statement.vulnerability.name
            if CVE.fullmatch(name) is None:
                notes.skip("not about a CVE")
                continue
            by_cve.setdefault(name, {}).update(dict.fromkeys(_statements(statement, notes)))
        for name, statements in by_cve.items():
            yield Record(feed=self.id, record=name, id=name, modified=time, statements=tuple(statements))


def _statements(told: _Statement, notes: Notes) -> Iterator[Statement]:
    for product in told.products or ():
        path, _, query = product.id.partition("?")
        if not path.startswith("pkg:deb/ubuntu/"):
            notes.skip("not a package of Ubuntu")
            continue
        asked = parse_qs(query)
        if asked.get("arch", ["source"])[0] != "source":
            continue  # every binary stands beside its source, which is what is compared
        name, _, version = path.removeprefix("pkg:deb/ubuntu/").partition("@")
        distro = asked.get("distro", [""])[0]
        release = ubuntu.distro_release(distro)
        if not name or not release:
            notes.skip("for no release that is known")
            continue
        key = PackageKey(ecosystem="Ubuntu", release=release, name=unquote(name))
        yield from _of_product(key, unquote(version), ubuntu.channel_of("", distro), told.status)


def _of_product(key: PackageKey, version: str, needs: str, word: str) -> Iterable[Statement]:
    """Return what one product says; "fixed" holds from the archive's version on, below it nothing is known."""
    flavour = ubuntu.FIPS if needs.partition(":")[2].startswith(ubuntu.FIPS) else ""
    asked = Qualifiers(needs=needs, flavour=flavour)
    if word != "fixed":
        status = _STATUSES.get(word, Status.UNKNOWN)
        return (Statement(key=key, status=status, qualifiers=asked),)
    if not version:
        return (Statement(key=key, status=Status.UNKNOWN, qualifiers=asked),)
    return (
        Statement(key=key, interval=Interval(hi=version), status=Status.UNKNOWN, qualifiers=asked),
        Statement(key=key, interval=Interval(lo=version, fixed=version), status=Status.FIXED, qualifiers=asked),
    )


def _time(text: str) -> str:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
