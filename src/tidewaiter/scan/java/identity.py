"""Who an archive is: pom.properties that fit its name, else its manifest and file name."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from tidewaiter.scan.java.groups import group_of, published_name
from tidewaiter.scan.java.manifest import Coordinates
from tidewaiter.scan.java.names import NOT_CODE, FileName, split_name, stem_of

_ID: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}")
_TOP: Final = frozenset({"com", "de", "dev", "edu", "io", "me", "net", "org"})
_VERSION: Final = re.compile(r"[vr]?\d[\w.+~-]{0,99}")


class Named(NamedTuple):
    """One module; a guess is put together from names that were not made for that purpose."""

    at: Coordinates
    is_guess: bool
    licence: str = ""


class Evidence(NamedTuple):
    """What the metadata of one archive says."""

    path: str
    """Of the archive, for its file name."""
    manifest: Mapping[str, str]
    properties: Sequence[Coordinates]
    """Of every pom.properties in it."""
    folders: Sequence[tuple[str, str]]
    """Group and artifact of every META-INF/maven folder."""


def identify(evidence: Evidence) -> Named | None:
    """Return the archive's own module; its version is empty when nothing tells it, None for archives without code."""
    name = split_name(evidence.path)
    if name.classifier.lower() in NOT_CODE:
        return None
    licence = evidence.manifest.get("bundle-license", "")
    licence = licence if _ID.fullmatch(licence) else ""
    own = _fitting(evidence, name)
    if own is not None:
        return Named(own, is_guess=False, licence=licence)
    plugin = _plugin(evidence.manifest)
    if plugin is not None:
        return Named(plugin, is_guess=False, licence=licence)
    artifact = _artifact(evidence.manifest, name)
    if not artifact:
        return None
    version = _version(evidence.manifest, name)
    return Named(Coordinates(_group(evidence, artifact), artifact, version), is_guess=True, licence=licence)


def _plugin(manifest: Mapping[str, str]) -> Coordinates | None:
    """Return what the manifest of a Jenkins plugin says: its build writes the module there."""
    group, version = manifest.get("group-id", ""), manifest.get("plugin-version", "").partition(" ")[0]
    artifact = manifest.get("artifact-id") or manifest.get("short-name") or manifest.get("extension-name", "")
    whole = _ID.fullmatch(group) and _ID.fullmatch(artifact) and _VERSION.fullmatch(version)
    return Coordinates(group, artifact, version) if whole else None


def _fitting(evidence: Evidence, name: FileName) -> Coordinates | None:
    stem = stem_of(evidence.path)
    fitting = [one for one in evidence.properties if _fits(one, name, stem)]
    if fitting:
        return max(fitting, key=lambda one: (one.version in stem, len(one.artifact)))
    said = {evidence.manifest.get("implementation-title", ""), _symbolic_name(evidence.manifest).rpartition(".")[2]}
    titled = [one for one in evidence.properties if one.artifact in said]
    if len(titled) == 1:
        return titled[0]
    alone = len(evidence.properties) == 1 and len(evidence.folders) == 1
    # One part alone is the archive itself, renamed, unless the archive goes by a known name of its own.
    is_renamed = alone and not name.version and stem not in said and not group_of(stem)
    return evidence.properties[0] if is_renamed else None


def _fits(one: Coordinates, name: FileName, stem: str) -> bool:
    names = {one.artifact, f"{one.group}.{one.artifact}"}
    return bool(names & {name.artifact, stem}) or stem.startswith(f"{one.artifact}-{one.version}")


def _symbolic_name(manifest: Mapping[str, str]) -> str:
    name = manifest.get("bundle-symbolicname", "").partition(";")[0].strip()
    return name if _ID.fullmatch(name) else ""


def _artifact(manifest: Mapping[str, str], name: FileName) -> str:
    published = published_name(name.artifact)
    group, dot, rest = published.rpartition(".")
    if dot and group_of(rest) == group:  # Quarkus names the files of an application `group.artifact-version.jar`
        return rest
    if name.version or group_of(published):
        return published
    for said in (manifest.get("implementation-title", ""), _symbolic_name(manifest)):
        if _ID.fullmatch(said) and name.artifact and said.endswith(name.artifact):
            return said.rpartition(".")[2] if "." in said else said
    return name.artifact if _ID.fullmatch(name.artifact) else ""


def _version(manifest: Mapping[str, str], name: FileName) -> str:
    """Return the version: the file name is written by the build tool, the manifest often by hand or by a bundler."""
    said = [manifest.get(key, "") for key in ("implementation-version", "bundle-version", "specification-version")]
    found = [word for word in (text.partition(" ")[0] for text in said) if _VERSION.fullmatch(word)]
    if name.version:
        # A renamed file is betrayed only when two attributes agree against its name.
        agreed = len(found) > 1 and found[0] == found[1] and not _same_start(found[0], name.version)
        return found[0] if agreed else name.version
    return found[0] if found else ""


def _same_start(one: str, other: str) -> bool:
    return one.partition(".")[0] == other.partition(".")[0]


def _group(evidence: Evidence, artifact: str) -> str:
    for group, folder in evidence.folders:
        if folder == artifact:
            return group
    known = group_of(artifact)
    if known:
        return known
    symbolic = _symbolic_name(evidence.manifest)
    if symbolic.endswith(f".{artifact}"):
        group = symbolic.removesuffix(f".{artifact}")
        return symbolic if group in _TOP else group  # `org.hamcrest:hamcrest`; nobody publishes under `org`
    vendor = evidence.manifest.get("implementation-vendor-id", "")
    if "." in vendor and _ID.fullmatch(vendor):
        return vendor
    return symbolic.rpartition(".")[0] if symbolic.count(".") > 1 else ""
