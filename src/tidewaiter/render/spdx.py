"""The inventory of a scan as an SPDX 2.3 document in JSON (ISO/IEC 5962)."""

import hashlib
import json
import re
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from tidewaiter.core.report import Report, as_unicode
from tidewaiter.core.report.carried import image_pairs, package_pairs
from tidewaiter.core.report.facts import Facts, PackageFacts
from tidewaiter.core.report.image_name import image_purl

_NAMESPACE: Final = uuid.UUID("6f0e5a52-5d0c-5c2e-9d0b-7469646577fb")
_NO_TIME: Final = "1970-01-01T00:00:00Z"
"""SPDX asks for a time; a report that was made without one gets the earliest."""
_ID: Final = re.compile(r"[^A-Za-z0-9.-]+")
_ROOT: Final = "SPDXRef-Image"


class _Spdx(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "spdx"
    tags: frozenset[str] = frozenset({"machines", "scan", "sbom"})
    media_type: str = "application/spdx+json"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the document."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return the document, ending in a newline; its namespace is a hash of its content.

    What the format has no field for stands in annotations as JSON, from which a scan of the document gets back what a
    scan of the image knew.
    """
    facts = report.facts
    created = _moment(report.created)
    packages = facts.packages if facts else ()
    ids = _ids(packages)
    relations = [{"spdxElementId": "SPDXRef-DOCUMENT", "relatedSpdxElement": _ROOT, "relationshipType": "DESCRIBES"}]
    relations += [{"spdxElementId": _ROOT, "relatedSpdxElement": one, "relationshipType": "CONTAINS"} for one in ids]
    relations += _dependencies(packages, ids)
    document: dict[str, Any] = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": (facts.image.ref or facts.image.source if facts else "") or "unnamed",
        "creationInfo": {
            "created": created,
            "creators": [f"Tool: {report.tool.name}-{report.tool.version}"],
        },
        "packages": [
            _image(facts, created, report),
            *(_package(one, package, created, report) for one, package in zip(ids, packages, strict=True)),
        ],
        "relationships": relations,
    }
    plain = as_unicode(document)
    plain["documentNamespace"] = f"urn:uuid:{uuid.uuid5(_NAMESPACE, json.dumps(plain, sort_keys=True))}"
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def _image(facts: Facts | None, created: str, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {
        "SPDXID": _ROOT,
        "name": (facts.image.ref or facts.image.source if facts else "") or "unnamed",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    }
    if facts is None:
        return found
    if facts.image.digest:
        found["versionInfo"] = facts.image.digest
    found["primaryPackagePurpose"] = "CONTAINER" if facts.image.kind == "image" else "APPLICATION"
    purl = image_purl(facts.image)
    if purl:
        found["externalRefs"] = [_purl(purl)]
    found["annotations"] = [_annotation(dict(image_pairs(facts.image, facts.layers)), created, report)]
    return found


def _package(one: str, package: PackageFacts, created: str, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {
        "SPDXID": one,
        "name": package.name,
        "versionInfo": package.version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "APPLICATION" if package.is_main else "LIBRARY",
        "externalRefs": [_purl(package.purl)],
        "annotations": [_annotation(dict(package_pairs(package)), created, report)],
    }
    if package.licence:
        found["licenseComments"] = f"declared as: {package.licence}"
    place = "!/".join(part for part in (package.path, package.inside) if part)
    if place:
        found["sourceInfo"] = f"found in {place}"
    return found


def _purl(purl: str) -> dict[str, str]:
    return {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}


def _annotation(pairs: dict[str, str], created: str, report: Report) -> dict[str, str]:
    return {
        "annotationDate": created,
        "annotationType": "OTHER",
        "annotator": f"Tool: {report.tool.name}-{report.tool.version}",
        "comment": json.dumps(as_unicode(pairs), ensure_ascii=False),
    }


def _ids(packages: Sequence[PackageFacts]) -> tuple[str, ...]:
    """Return ids that say what they stand for and are unique: type, name, and a hash of purl and place."""
    seen: Counter[str] = Counter()
    found = []
    for package in packages:
        whole = "\0".join((package.purl, package.path, package.inside, str(package.layer)))
        digest = hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        one = f"SPDXRef-Package-{_ID.sub('-', package.type)}-{_ID.sub('-', package.name)[:80]}-{digest}"
        seen[one] += 1
        found.append(one if seen[one] == 1 else f"{one}-{seen[one]}")
    return tuple(found)


def _dependencies(packages: Sequence[PackageFacts], ids: Sequence[str]) -> list[dict[str, str]]:
    by_purl: dict[str, list[str]] = {}
    for one, package in zip(ids, packages, strict=True):
        by_purl.setdefault(package.purl, []).append(one)
    return [
        {"spdxElementId": one, "relatedSpdxElement": target, "relationshipType": "DEPENDS_ON"}
        for one, package in zip(ids, packages, strict=True)
        for target in sorted({target for purl in package.requires for target in by_purl.get(purl, ())})
        if target != one
    ]


def _moment(created: str) -> str:
    """Return the time in the one form that SPDX takes: UTC, whole seconds, `Z`."""
    return f"{created[:19]}Z" if created.endswith("+00:00") else _NO_TIME


RENDERER: Final = _Spdx()
