"""Updates of an rpm repository (createrepo_c: updateinfo.xml; Fedora's Bodhi, Amazon, Rocky and Bottlerocket write it)."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

from tidewaiter.scan.advisories.xml_stream import Element, elements, root_name

_CVE: Final = re.compile(r"\bCVE-[0-9]{4}-[0-9]{4,19}\b")
_TIME: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2})(?::([0-9]{2}))?)?")


class UpdatePackage(msgspec.Struct, frozen=True):
    """One built package of an update."""

    name: str
    arch: str
    version: str
    """`[epoch:]version-release`, epoch left out when 0."""
    module: str = ""
    """`name:stream` of the collection."""
    collection: str = ""


class Update(msgspec.Struct, frozen=True):
    """One update."""

    id: str
    kind: str
    """`security`, `bugfix`, `enhancement`, `newpackage`."""
    title: str
    severity: str
    release: str
    issued: str
    updated: str
    """RFC 3339 times in UTC, empty when there are none."""
    cves: tuple[str, ...]
    """Those that its references name; those of the text where no reference names one."""
    aliases: tuple[str, ...]
    """Ids of other references (GHSA), not of bugs."""
    packages: tuple[UpdatePackage, ...]


def is_updateinfo(head: bytes) -> bool:
    """Tell whether a text is a list of updates."""
    return root_name(head) == "updates"


def updates(stream: BinaryIO) -> Iterator[Update]:
    """Yield the updates one after the other; XmlError, errors of the stream."""
    return map(_update, elements(stream, ("update",)))


def time_of(text: str) -> str:
    """Return a date or a time with or without seconds as RFC 3339; empty when it is none."""
    found = _TIME.match(text.strip())
    if found is None:
        return ""
    return f"{found[1]}T{found[2] or '00:00'}:{found[3] or '00'}Z"


def _update(element: Element) -> Update:
    references = element.first("references")
    ids: list[str] = []
    named: list[str] = []
    for reference in references.children if references is not None else ():
        identity = reference.attributes.get("id", "")
        named += _CVE.findall(f"{identity} {reference.attributes.get('title', '')}")
        if reference.attributes.get("type") == "ghsa":
            ids.append(identity)
    title = " ".join(element.text_of("title").split())
    cves = named or _CVE.findall(f"{title} {element.text_of('description')}")
    severity = element.text_of("severity").lower()
    return Update(
        id=element.text_of("id"),
        kind=element.attributes.get("type", ""),
        title=title,
        severity="" if severity == "none" else severity,
        release=element.text_of("release"),
        issued=time_of(element.attribute_of("date", "issued")),
        updated=time_of(element.attribute_of("date", "updated")),
        cves=tuple(dict.fromkeys(cves)),
        aliases=tuple(dict.fromkeys(ids)),
        packages=tuple(_packages(element)),
    )


def _packages(element: Element) -> Iterator[UpdatePackage]:
    lists = element.first("pkglist")
    for collection in lists.all("collection") if lists is not None else ():
        name = collection.attribute_of("name", "module")
        stream = collection.attribute_of("stream", "module")
        module = f"{name}:{stream}" if name and stream else ""
        title = collection.text_of("name")
        for package in collection.all("package"):
            said = package.attributes
            version = "-".join(part for part in (said.get("version", ""), said.get("release", "")) if part)
            epoch = said.get("epoch", "0")
            yield UpdatePackage(
                name=said.get("name", ""),
                arch=said.get("arch", ""),
                version=f"{epoch}:{version}" if epoch not in {"", "0"} else version,
                module=module,
                collection=title,
            )
