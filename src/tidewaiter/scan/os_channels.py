"""From where a system takes its packages and fixes: branches of Alpine, content sets of Red Hat, Ubuntu Pro."""

import re
from collections.abc import Mapping
from typing import Any, Final

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.json_text import JsonError, decode, mapping, text, texts
from tidewaiter.scan.release_text import first_line, pairs, shown

Found = tuple[tuple[str, ...], tuple[Unknown, ...]]
"""What is there, and what is unclear about it."""

APK_REPOSITORIES: Final = "etc/apk/repositories"
UBUNTU_PRO: Final = "var/lib/ubuntu-advantage/status.json"
_CONTENT: Final = re.compile(r"(?:root/buildinfo/content_manifests|usr/share/buildinfo)/[^/]+\.json")
_BRANCH: Final = re.compile(r"/(v\d+\.\d+|edge)/[^/\s]+/?$")
_NOISE: Final = re.compile(r"__\d+$")
"""`__8` repeats the major release; `__9_DOT_2` names a minor release with fixes of its own and stays."""
_MOST: Final = 1000
_NUMBERS: Final = re.compile(r"(\d+\.\d+)(?:\.\d+)?$")


def apk_branches(files: Mapping[str, bytes]) -> Found:
    """Return the branches of Alpine that untagged lines of etc/apk/repositories name: `v3.20`, `edge`.

    Tagged repositories (`@testing …`) serve only the packages that were asked for from them.
    """
    found: dict[str, None] = {}
    for line in files.get(APK_REPOSITORIES, b"").decode("utf-8", "replace").split("\n")[:_MOST]:
        address = line.split("#", 1)[0].strip()
        match = _BRANCH.search(address) if not address.startswith("@") else None
        if match is not None:
            found[match[1]] = None
    branches = tuple(sorted(found))
    return branches, tuple(_branch_remarks(branches, files))


def _branch_remarks(branches: tuple[str, ...], files: Mapping[str, bytes]) -> list[Unknown]:
    reasons = []
    own = _alpine_branch(files)
    if len(branches) > 1:
        reasons.append(f"packages come from several branches of Alpine ({', '.join(branches)}), the highest is taken")
    elif branches and own and branches[0] not in {own, "edge"}:
        reasons.append(f"packages come from branch {branches[0]} of Alpine, the system says {own}")
    advice = "use the repositories of one branch"
    return [Unknown(subject=APK_REPOSITORIES, reason=one, advice=advice, incomplete=False) for one in reasons]


def _alpine_branch(files: Mapping[str, bytes]) -> str:
    """Return the branch of the installed system; empty for `edge` snapshots and other systems."""
    values = pairs(files.get("etc/os-release") or files.get("usr/lib/os-release") or b"")
    if values and values.get("ID") != "alpine":
        return ""
    match = _NUMBERS.fullmatch(values.get("VERSION_ID") or first_line(files.get("etc/alpine-release", b"")))
    return f"v{match[1]}" if match else ""


def content_sets(files: Mapping[str, bytes]) -> Found:
    """Return the repositories that the content manifests of a Red Hat image name."""
    found: set[str] = set()
    unknowns: list[Unknown] = []
    for path in sorted(path for path in files if _CONTENT.fullmatch(path)):
        fields, unknown = _object(files, path)
        unknowns.extend(unknown)
        found.update(_NOISE.sub("", shown(name)) for name in texts(fields.get("content_sets"))[:_MOST])
    return tuple(sorted(found - {""})), tuple(unknowns)


def enabled_services(files: Mapping[str, bytes]) -> Found:
    """Return the services of Ubuntu Pro that are switched on: `esm-infra`, `fips-updates`."""
    fields, unknown = _object(files, UBUNTU_PRO)
    services = fields.get("services")
    listed = [mapping(entry) for entry in services[:_MOST]] if isinstance(services, list) else []
    names = {shown(text(entry.get("name"))) for entry in listed if entry.get("status") == "enabled"}
    return tuple(sorted(names - {""})), unknown


def _object(files: Mapping[str, bytes], path: str) -> tuple[dict[str, Any], tuple[Unknown, ...]]:
    if path not in files:
        return {}, ()
    try:
        return mapping(decode(files[path])), ()
    except JsonError as error:
        advice = "remove the file or write it again"
        return {}, (Unknown(subject=path, reason=str(error), advice=advice),)
