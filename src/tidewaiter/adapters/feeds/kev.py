"""Known exploited vulnerabilities, a catalogue as one JSON object (cisa.gov: known_exploited_vulnerabilities.json)."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Exploitation, Feed
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import UNREADABLE, keys_at

_LARGEST = 64 << 20


class _Entry(msgspec.Struct):
    cve: str = msgspec.field(name="cveID")
    due: str = msgspec.field(name="dueDate", default="")
    ransomware: str = msgspec.field(name="knownRansomwareCampaignUse", default="")


class _Catalogue(msgspec.Struct):
    vulnerabilities: list[msgspec.Raw]
    released: str = msgspec.field(name="dateReleased", default="")


class Kev:
    """CISA's catalogue; public domain (CC0)."""

    id = "kev"
    tags = frozenset({"exploitation"})
    is_snapshot = True
    feed = Feed(
        id="kev",
        name="CISA known exploited vulnerabilities",
        url="https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
        licence="CC0-1.0",
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the catalogue by its entries, and an empty one by its title."""
        outer = keys_at(head, 1)
        return "vulnerabilities" in outer and ("catalogVersion" in outer or "cveID" in keys_at(head, 3))

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Exploitation]:
        """Yield one item per entry; DocumentError when it is not one JSON object."""
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise DocumentError(f"the catalogue is larger than {_LARGEST} bytes")
        try:
            catalogue = msgspec.json.decode(data, type=_Catalogue)
        except UNREADABLE as error:
            raise DocumentError(f"not a catalogue: {error}") from error
        notes.newest(catalogue.released)
        decoder = msgspec.json.Decoder(_Entry)
        for place, raw in enumerate(catalogue.vulnerabilities):
            try:
                entry = decoder.decode(raw)
            except UNREADABLE as error:
                notes.problem(f"entry {place}", str(error))
                continue
            if CVE.fullmatch(entry.cve) is None:
                notes.problem(f"entry {place}", f"`{entry.cve[:40]}` is not a CVE id")
                continue
            ransomware = entry.ransomware.strip().lower() == "known"
            yield Exploitation(cve=entry.cve, kev=True, kev_due=entry.due, kev_ransomware=ransomware)
