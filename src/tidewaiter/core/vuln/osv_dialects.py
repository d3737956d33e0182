"""What distributions write into OSV beyond the schema: channels, modules, binaries, sources (feeds README).

One function per ecosystem; `places` returns for which packages, and for which builds of them, one interval holds.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from tidewaiter.core.vuln import suse, ubuntu
from tidewaiter.core.vuln.advisory import Interval, Qualifiers
from tidewaiter.core.vuln.distributions import source_name
from tidewaiter.core.vuln.modules import is_modular, severity_in, streams_in


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What dialects look at: one `affected` entry and its record's title."""

    ecosystem: str
    """As written, with release: `Ubuntu:Pro:22.04:LTS`."""
    name: str
    purl: str = ""
    title: str = ""
    specific: Any = None
    """`ecosystem_specific`."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One package for which an interval holds."""

    name: str
    interval: Interval
    qualifiers: Qualifiers = Qualifiers()
    severity: str = ""
    """The vendor's word, where the title carries it."""


def places(entry: Entry, interval: Interval) -> tuple[Place, ...]:
    """Return the packages and builds for which an interval of an entry holds."""
    dialect = _DIALECTS.get(entry.ecosystem.partition(":")[0])
    if dialect is None:
        return (Place(name=entry.name, interval=interval),)
    return dialect(entry, interval)


def _ubuntu(entry: Entry, interval: Interval) -> tuple[Place, ...]:
    """Ubuntu: Pro rows hold without Pro as well; FIPS builds are a flavour of their own (decision 8.3)."""
    distro = parse_qs(entry.purl.partition("?")[2]).get("distro", [""])[0]
    needs = ubuntu.channel_of(entry.ecosystem, distro)
    flavour = ubuntu.FIPS if needs.partition(":")[2].startswith(ubuntu.FIPS) else ""
    return (Place(name=entry.name, interval=interval, qualifiers=Qualifiers(needs=needs, flavour=flavour)),)


def _modular(entry: Entry, interval: Interval) -> tuple[Place, ...]:
    """AlmaLinux: the stream of a modular build stands in the title alone, and the rating before it."""
    severity = severity_in(entry.title)
    streams = streams_in(entry.title) if is_modular(interval.fixed or interval.hi or "") else ()
    return tuple(
        Place(name=entry.name, interval=interval, qualifiers=Qualifiers(module=stream), severity=severity)
        for stream in streams or ("",)
    )


def _rocky(entry: Entry, interval: Interval) -> tuple[Place, ...]:
    """Rocky Linux: as AlmaLinux, but the names are those of source packages."""
    return tuple(msgspec.structs.replace(place, name=source_name(place.name)) for place in _modular(entry, interval))


def _red_hat(entry: Entry, interval: Interval) -> tuple[Place, ...]:
    """Red Hat: the ecosystem carries the product's CPE without its beginning."""
    product = entry.ecosystem.partition(":")[2]
    asked = Qualifiers(repositories=(f"cpe:/o:redhat:{product}",))
    return tuple(
        msgspec.structs.replace(place, qualifiers=msgspec.structs.replace(asked, module=place.qualifiers.module))
        for place in _modular(entry, interval)
    )


def _suse(entry: Entry, interval: Interval) -> tuple[Place, ...]:
    """SUSE: names are of sources, `binaries` gives each binary its own version; long-term products need a contract."""
    found = suse.product(entry.ecosystem.replace(":", " ", 1))
    asked = Qualifiers(needs=found[2]) if found is not None else Qualifiers()
    binaries = _binaries(entry.specific) if interval.fixed and not interval.lo else {}
    if not binaries:
        return (Place(name=source_name(entry.name), interval=interval, qualifiers=asked),)
    return tuple(
        Place(name=name, interval=Interval(hi=version, fixed=version), qualifiers=asked)
        for name, version in sorted(binaries.items())
    )


def _binaries(specific: Any) -> Mapping[str, str]:
    listed = specific.get("binaries") if isinstance(specific, dict) else None
    return {
        name: version
        for part in (listed if isinstance(listed, list) else ())
        if isinstance(part, dict)
        for name, version in part.items()
        if isinstance(version, str) and name and version
    }


def _source(entry: Entry, interval: Interval) -> tuple[Place, ...]:
    """Return the entry as speaking of a source package."""
    return (Place(name=source_name(entry.name), interval=interval),)


_DIALECTS: Mapping[str, Callable[[Entry, Interval], tuple[Place, ...]]] = {
    "Ubuntu": _ubuntu,
    "AlmaLinux": _modular,
    "Rocky Linux": _rocky,
    "Red Hat": _red_hat,
    "SUSE": _suse,
    "openSUSE": _suse,
    "Azure Linux": _source,
    "CBL-Mariner": _source,
}
