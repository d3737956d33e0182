"""Advisory files made of records, images made of packages, and what the inventories hold, for the tests of `watch`."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import msgspec

from tidewaiter.adapters.store import build_advisories, open_advisories
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.vuln import Feed, Interval, PackageKey, Record, Statement, match_packages
from tidewaiter.core.vuln.rematch import Told, by_package

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
BOOKWORM = OperatingSystem(id="debian", version_id="12", codename="bookworm")


class Reader:
    """A feed whose documents are lists of items."""

    def __init__(self, name, *, precedence=1, is_snapshot=True):
        """Be known by a name."""
        self.id = name
        self.tags = frozenset({"advisories"})
        self.is_snapshot = is_snapshot
        self.feed = Feed(id=name, name=name, precedence=precedence)


def database(path, items, *, now=NOW, precedence=None):
    """Make an advisory file of records and other items, grouped by feed; return its path."""
    path.unlink(missing_ok=True)
    feeds = {}
    for item in items:
        feeds.setdefault(getattr(item, "feed", "kev"), []).append(item)
    with build_advisories(path, now=now) as builder:
        for name, members in sorted(feeds.items()):
            builder.begin(Reader(name, precedence=(precedence or {}).get(name, 1)))
            for member in members:
                builder.add(member)
            builder.end("2026-11-25T00:00:00Z")
    return path


def statement(ecosystem, name, *, fixed=None, release="", **fields):
    """Return a statement about every version, or those below `fixed`."""
    key = PackageKey(ecosystem=ecosystem, release=release, name=name)
    return Statement(key=key, interval=Interval(hi=fixed, fixed=fixed), **fields)


def record(identity, *statements, feed="osv", **fields):
    """Return a record of a feed."""
    return Record(feed=feed, record=identity, id=identity, statements=statements, **fields)


def deb(name, version, **fields):
    """Return an installed Debian package."""
    place = Location(file="var/lib/dpkg/status", layer=0)
    return Package(
        type="deb", name=name, version=version, namespace="debian", distro="debian-12", location=place, **fields
    )


def pypi(name, version, *, owner="", path="usr/lib/python3/dist-packages"):
    """Return an installed Python package."""
    return Package(
        type="pypi", name=name, version=version, owner=owner, location=Location(file=f"{path}/{name}", layer=1)
    )


def image(ref, *packages, os=BOOKWORM, digest="", **fields):
    """Return an image."""
    name = digest or "sha256:" + ref.encode("utf-8", "surrogateescape").hex().ljust(64, "0")[:64]
    return Image(ref=ref, digest=name, os=os, packages=packages, **fields)


def scan(store, one, path, *, now=NOW):
    """Keep an image as a scan with this advisory file does, or without data."""
    text = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    if path is None:
        store.saw(one, None, advisories=None, now=text)
        return
    with open_advisories(path) as advisories:
        found = match_packages(one.packages, os=one.os, advisories=advisories, now=now).vulnerabilities
        store.saw(one, found, advisories=advisories, now=text)


def expected(one, path):
    """Return what a match of the whole image tells, by what a package is without its place."""
    with open_advisories(path) as advisories:
        found = match_packages(one.packages, os=one.os, advisories=advisories, now=NOW).vulnerabilities
    return {
        msgspec.structs.replace(package, location=None, inside=""): told for package, told in by_package(found).items()
    }


def stored(path, one):
    """Return what the inventories tell of an image, likewise."""
    query = """
        SELECT p.data, r.data FROM image m JOIN installed i ON i.image = m.id JOIN package p ON p.id = i.package
        JOIN result r ON r.id = i.result WHERE m.identity = ?
    """
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(query, (one.digest or f"name:{one.ref}",)).fetchall()
    decode = msgspec.msgpack.decode
    return {decode(package, type=Package): decode(told, type=tuple[Told, ...]) for package, told in rows}
