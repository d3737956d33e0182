"""Which findings one change closes: they are one group with one fix."""

import hashlib
import json
from collections.abc import Iterable
from typing import Final

import msgspec

from tidewaiter.core.finding import Finding, Fix, JsonPatch, ManualChange, Patch, ReplaceText

_BUILD_FILES: Final = ("dockerfile", "containerfile")


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Findings that one change closes, the worst first, and the sentence that asks for it."""

    id: str
    """12 hex digits of the change, stable while lines move."""
    findings: tuple[Finding, ...]
    fix: Fix | None = None
    sentence: str = ""


def group_id(key: str) -> str:
    """Return the short name of a change."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def change_key(finding: Finding) -> str:
    """Return what names the change that closes this finding.

    The same manual change, the same patches, the same package upgrade in the same lock file or image, the same policy
    on the same field of the same container, otherwise the same policy on the same object.
    """
    patches = finding.fix.patches if finding.fix is not None else ()
    manual = [patch.identity for patch in patches if isinstance(patch, ManualChange)]
    package = _package_of(finding)
    if patches and len(manual) == len(patches) and not (package and _pin_of(finding)):
        return _key("manual", *sorted(manual))
    if patches and not manual:
        return _key("patch", *map(_target, patches))
    if package:
        # The same pin is the same change, whether it was found in the lock file or installed in the image.
        return _key("package", *package)
    pointer = finding.location.pointer
    if finding.subject.container and pointer:
        return _key("field", finding.policy, finding.subject.ref, finding.subject.container, pointer)
    return _key("object", finding.policy, finding.subject.kind, finding.subject.ref, finding.subject.container)


def _target(patch: Patch) -> str:
    match patch:
        case JsonPatch():
            value = json.dumps(patch.value, sort_keys=True, default=str)
            return _key(patch.file, patch.document, patch.op, patch.path, value)
        case ReplaceText():
            return _key(patch.file, patch.find, patch.replacement)
        case ManualChange():
            return _key(patch.identity)


def _package_of(finding: Finding) -> tuple[str, str, str] | None:
    """Return ecosystem, source package and place of a package's finding; None for every other finding."""
    facts = dict(finding.facts)
    name = facts.get("sourcePackage") or facts.get("package")
    if not isinstance(name, str) or not name:
        return None
    location = finding.location
    image = finding.subject.image or location.image
    place = _pin_of(finding) or image or location.file or finding.subject.ref
    purl = facts.get("purl")
    ecosystem = purl.split("/", 1)[0] if isinstance(purl, str) else ""
    return ecosystem, name, place


def _pin_of(finding: Finding) -> str:
    """Return the lock file that pins the package; a Dockerfile's line names the build step, not a version."""
    location = finding.location
    if location.image is not None or not location.file:
        return ""
    name = location.file.rpartition("/")[2].lower()
    return "" if any(word in name for word in _BUILD_FILES) else location.file


def _key(*parts: object) -> str:
    return "\x1f".join(str(part).replace("\x1f", " ") for part in parts)


def collect(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings by their change; a finding that occurs twice is kept once."""
    groups: dict[str, dict[str, Finding]] = {}
    for finding in findings:
        groups.setdefault(change_key(finding), {}).setdefault(finding.id, finding)
    return {key: list(members.values()) for key, members in groups.items()}
