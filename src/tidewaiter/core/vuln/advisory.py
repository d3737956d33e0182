"""Rows of advisory data: what one feed says about one package of one ecosystem and release (scanning guide 9.1)."""

from typing import Literal

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.cvss import Score

Kind = Literal["vulnerability", "malicious", "informational", "withdrawn"]


class PackageKey(msgspec.Struct, frozen=True, kw_only=True, order=True, omit_defaults=True):
    """The name under which advisories speak of a package."""

    ecosystem: str
    """As OSV names it, without release: `Debian`, `PyPI`, `npm`."""
    release: str = ""
    """`12`, `sid`; empty where the ecosystem has none."""
    name: str
    """Source package for distributions; normalised for PyPI; the exact characters everywhere else."""

    @property
    def place(self) -> str:
        """Return ecosystem and release as OSV writes them: `Debian:12`, `npm`."""
        return f"{self.ecosystem}:{self.release}" if self.release else self.ecosystem


class Interval(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stretch of versions `[lo, hi)`, `[lo, hi]` when inclusive, `(lo, …` when above, in the ecosystem's own syntax."""

    lo: str = ""
    """Empty: from the beginning."""
    above: bool = False
    """True when `lo` itself lies outside."""
    hi: str | None = None
    """None: without end."""
    inclusive: bool = False
    fixed: str | None = None
    """The version that closes the defect for this stretch; None when the feed names none."""

    def __str__(self) -> str:
        """Write the stretch as people compare: `< 3.0.13`, `>= 1.0, <= 1.4`, `= 0.0.7`, `every version`."""
        if self.hi is not None and self.inclusive and self.lo == self.hi:
            return f"= {self.hi}"
        lower = f"{'>' if self.above else '>='} {self.lo}" if self.lo else ""
        upper = f"{'<=' if self.inclusive else '<'} {self.hi}" if self.hi is not None else ""
        return ", ".join(part for part in (lower, upper) if part) or "every version"


class Qualifiers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, order=True):
    """For which builds of a package a statement holds; an empty field holds for all."""

    arches: tuple[str, ...] = ()
    """`noarch` in an advisory stands for every architecture, in a package it is matched by every list."""
    module: str = ""
    """`name:stream` of an rpm module."""
    flavour: str = ""
    """`fips`, `ksplice`, ...: builds of one name that are never compared with each other."""
    repositories: tuple[str, ...] = ()
    """CPEs or names of repositories, one of which must be enabled."""
    needs: str = ""
    """The subscription that opens the channel of the fix: `ubuntu-pro:esm-infra`."""
    review: bool = False
    """True when the feed says that the versions are only near the truth (Go's `custom_ranges`): asks nothing."""

    def __bool__(self) -> bool:
        """Tell whether anything is asked."""
        return self != ANY


ANY = Qualifiers()
"""Nothing is asked; the one object for it, so that most rows are told by identity."""


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One sentence of a feed: this package, in these versions, has this status."""

    key: PackageKey
    interval: Interval = Interval()
    status: Status = Status.AFFECTED
    """What holds inside the interval."""
    severity: str = ""
    """The vendor's word for this package and release; empty when it gives none."""
    qualifiers: Qualifiers = ANY


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One advisory as a feed adapter hands it over: an id, what else it is called, and its statements."""

    feed: str
    record: str
    """The feed's own id: `GHSA-…`, `DSA-5417-1`, `CVE-… of openssl`; with `id` it names the record uniquely."""
    id: str
    """The id under which it is reported; one of the CVEs when the record is a group of them."""
    aliases: tuple[str, ...] = ()
    kind: Kind = "vulnerability"
    severity: str = ""
    """The word of the database that curates the record (GHSA), not of a distribution."""
    vectors: tuple[str, ...] = ()
    """CVSS vectors, v2 without prefix, in any order."""
    cwes: tuple[str, ...] = ()
    """`CWE-79`, sorted."""
    title: str = ""
    published: str = ""
    modified: str = ""
    statements: tuple[Statement, ...] = ()


class Exploitation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known about the use of one CVE by attackers."""

    cve: str
    kev: bool = False
    kev_due: str = ""
    kev_ransomware: bool = False
    epss: float | None = None
    epss_percentile: float | None = None


class Support(msgspec.Struct, frozen=True, kw_only=True, order=True, omit_defaults=True):
    """Until when a vendor mends one release of a product; dates `YYYY-MM-DD`, empty when none is announced."""

    product: str
    """As os-release names it: `debian`, `rhel`; or the product's own name."""
    release: str
    """`12`, `22.04`, `3.20`."""
    codename: str = ""
    ends: str = ""
    """Last day of support for everybody."""
    extended: str = ""
    """Last day of paid or volunteer support."""


class RepositoryCpes(msgspec.Struct, frozen=True, kw_only=True, order=True, omit_defaults=True):
    """What advisories call a repository of Red Hat."""

    name: str
    """Content set: `rhel-9-for-x86_64-appstream-rpms`."""
    cpes: tuple[str, ...] = ()


Item = Record | Exploitation | Support | RepositoryCpes
"""What a feed adapter yields."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One statement joined with its record, as the store gives it back for a package."""

    feed: str
    record: str
    id: str
    aliases: tuple[str, ...]
    kind: str
    interval: Interval
    status: Status
    qualifiers: Qualifiers = ANY
    cwes: tuple[str, ...] = ()
    vendor_severity: str = ""
    database_severity: str = ""
    cvss: Score | None = None
    """The best of the record's vectors, scored when the data was imported."""
    title: str = ""
    published: str = ""


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed that the store holds."""

    id: str
    name: str = ""
    url: str = ""
    licence: str = ""
    taken: str = ""
    """RFC 3339 time of its newest content, or of the file where the content tells none."""
    records: int = 0
    precedence: int = 0
    """Where several feeds speak of one package and CVE, the lowest number is believed."""
    fixes_only: bool = False
    """True when it knows fixed versions only: it cannot speak of defects that are still open."""


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """How much one feed says about one ecosystem and release."""

    feed: str
    ecosystem: str
    release: str = ""
    records: int = 0
    newest: str = ""
    """RFC 3339 time of the newest record; empty when records carry no dates."""


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What another record that shares an id says about severity, and by which names it goes."""

    feed: str
    record: str
    ids: tuple[str, ...]
    severity: str = ""
    cvss: Score | None = None
    cwes: tuple[str, ...] = ()
