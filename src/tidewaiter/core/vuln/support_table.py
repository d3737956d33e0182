"""Until when distributions are mended, for machines without newer data; a feed of these dates overrides the table.

`Support.ends` is the last day of fixes for everybody, `Support.extended` that of fixes that need a subscription (Ubuntu
Pro, Extended Life Cycle Support). No page of a vendor was read for this table: most dates stand in the list that the
project was given on 2026-11-25, a few in data of endoflife.date, and those of `UNCONFIRMED` in neither.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from tidewaiter.core.vuln.advisory import Support

_Dates = Mapping[str, tuple[str, ...]]
"""Release -> last day, last day of extended support, codename; shorter where nothing more is known."""

UNCONFIRMED: Final[Mapping[str, frozenset[str]]] = {
    "alpine": frozenset({"3.12", "3.13", "3.14", "3.15", "3.16", "3.17", "3.18"}),
    "debian": frozenset({"8", "9", "13"}),
    "ubuntu": frozenset({"14.04", "14.04 extended", "16.04", "16.04 extended", "23.10", "24.04 extended"}),
    "rhel": frozenset({"6", "7", "7 extended"}),
    "centos": frozenset({"6"}),
    "centos-stream": frozenset({"8", "9"}),
    "rocky": frozenset({"10"}),
    "mariner": frozenset({"2.0"}),
    "opensuse-leap": frozenset({"15.5"}),
    "fedora": frozenset({"38", "39", "40"}),
}
"""Releases whose dates were written from memory: `7` is the last day for everybody, `7 extended` the other date."""

SOURCES: Final[Mapping[str, str]] = {
    "alpine": "alpinelinux.org/releases",
    "debian": "wiki.debian.org/DebianReleases, wiki.debian.org/LTS",
    "ubuntu": "ubuntu.com/about/release-cycle",
    "rhel": "access.redhat.com/support/policy/updates/errata",
    "centos": "centos.org/centos-linux-eol",
    "centos-stream": "centos.org/cl-vs-cs",
    "almalinux": "wiki.almalinux.org/release-notes",
    "rocky": "wiki.rockylinux.org/rocky/version",
    "ol": "oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf",
    "amzn": "aws.amazon.com/linux (frequently asked questions of each release)",
    "photon": "github.com/vmware/photon/wiki",
    "mariner": "learn.microsoft.com/azure/azure-linux",
    "sles": "suse.com/lifecycle",
    "opensuse-leap": "en.opensuse.org/Lifetime",
    "fedora": "docs.fedoraproject.org/releases/eol",
}
"""Where the vendor announces the dates of a product."""

_TABLE: Final[Mapping[str, _Dates]] = {
    "alpine": {
        "3.12": ("2022-05-01",),
        "3.13": ("2022-11-01",),
        "3.14": ("2023-05-01",),
        "3.15": ("2023-11-01",),
        "3.16": ("2024-05-23",),
        "3.17": ("2024-11-22",),
        "3.18": ("2025-05-09",),
        "3.19": ("2025-11-01",),
        "3.20": ("2026-04-01",),
        "3.21": ("2026-12-05",),
        "3.22": ("2027-04-30",),
        "3.23": ("2027-11-01",),
    },
    "debian": {
        # With Long Term Support, whose fixes come through the same archive to everybody.
        "8": ("2020-06-30", "", "jessie"),
        "9": ("2022-06-30", "", "stretch"),
        "10": ("2024-06-30", "", "buster"),
        "11": ("2026-08-31", "", "bullseye"),
        "12": ("2028-06-30", "", "bookworm"),
        "13": ("2030-06-30", "", "trixie"),
    },
    "ubuntu": {
        "14.04": ("2019-04-25", "2024-04-25", "trusty"),
        "16.04": ("2021-04-30", "2026-04-30", "xenial"),
        "18.04": ("2023-05-31", "2028-03-31", "bionic"),
        "20.04": ("2025-05-31", "2030-04-30", "focal"),
        "22.04": ("2027-04-23", "2032-04-09", "jammy"),
        "23.10": ("2024-07-11", "", "mantic"),
        "24.04": ("2029-05-31", "2034-04-25", "noble"),
        "24.10": ("2025-07-10", "", "oracular"),
        "25.04": ("2026-01-17", "", "plucky"),
        "25.10": ("2026-07-01", "", "questing"),
        "26.04": ("2031-05-31",),
    },
    "rhel": {
        "6": ("2020-11-30", "2024-06-30"),
        "7": ("2024-06-30", "2028-06-30"),
        "8": ("2029-05-31",),
        "9": ("2032-05-31",),
        "10": ("2035-05-31",),
    },
    "centos": {"6": ("2020-11-30",), "7": ("2024-06-30",), "8": ("2021-12-31",)},
    "centos-stream": {"8": ("2024-05-31",), "9": ("2027-05-31",)},
    "almalinux": {"8": ("2029-03-01",), "9": ("2032-05-31",), "10": ("2035-05-31",)},
    "rocky": {"8": ("2029-05-31",), "9": ("2032-05-31",), "10": ("2035-05-31",)},
    "ol": {"7": ("2024-12-31",), "8": ("2029-07-18",), "9": ("2032-07-18",)},
    "amzn": {"2018.03": ("2023-12-31",), "2": ("2026-06-30",), "2023": ("2029-06-30",)},
    "photon": {"4": ("2026-03-31",)},
    "mariner": {"2.0": ("2025-07-31",)},
    "sles": {"15.6": ("2025-12-31",), "15.7": ("2031-07-31",), "16.0": ("2027-11-30",)},
    "opensuse-leap": {"15.5": ("2024-12-31",), "15.6": ("2025-12-31",), "16.0": ("2027-10-31",)},
    "fedora": {"38": ("2024-05-21",), "39": ("2024-11-26",), "40": ("2025-05-13",)},
}


def shipped() -> Iterator[Support]:
    """Yield every release of the table."""
    for product, dates in _TABLE.items():
        for release in dates:
            yield from shipped_of(product, release)


def shipped_of(product: str, release: str) -> Iterator[Support]:
    """Yield the release of a product, or nothing when the table does not know it."""
    known = _TABLE.get(product, {}).get(release)
    if known is not None:
        ends, extended, codename = (*known, "", "")[:3]
        yield Support(product=product, release=release, codename=codename, ends=ends, extended=extended)
