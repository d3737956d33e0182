"""The vulnerabilities of a scan as a CSAF 2.0 document of category `csaf_vex` (OASIS CSAF 2.0)."""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from tidewaiter.core.report import Report, as_unicode
from tidewaiter.core.report.facts import Facts
from tidewaiter.core.report.image_name import image_purl
from tidewaiter.core.report.standing import Standing, standings

_NAMESPACE: Final = uuid.UUID("6f0e5a52-5d0c-5c2e-9d0b-7469646577fe")
_NO_TIME: Final = "1970-01-01T00:00:00+00:00"
_STATUSES: Final = {
    "not_affected": "known_not_affected",
    "affected": "known_affected",
    "fixed": "fixed",
    "under_investigation": "under_investigation",
}
_CVE: Final = re.compile(r"CVE-[0-9]{4}-[0-9]{4,}")
_IMAGE: Final = "IMAGE"


class _Csaf(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "csaf"
    tags: frozenset[str] = frozenset({"machines", "scan", "vex"})
    media_type: str = "application/json"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the document."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return the document, ending in a newline; packages are components of the image where it has a digest."""
    facts = report.facts
    found = standings(facts.vulnerabilities) if facts is not None else ()
    by_id: dict[str, list[Standing]] = {}
    for one in found:
        by_id.setdefault(one.id, []).append(one)
    ids = _product_ids(found)
    body: dict[str, Any] = {}
    if facts is not None and found:
        body["product_tree"] = _tree(facts, ids)
        body["vulnerabilities"] = [
            _vulnerability(group, ids, joined=bool(image_purl(facts.image))) for group in by_id.values()
        ]
    plain = as_unicode(body)
    name = str(uuid.uuid5(_NAMESPACE, json.dumps(plain, sort_keys=True)))
    subject = (facts.image.ref or facts.image.source if facts is not None else "") or "unnamed"
    document = {"document": as_unicode(_head(report, subject, name)), **plain}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _head(report: Report, subject: str, name: str) -> dict[str, Any]:
    time = report.created or _NO_TIME
    return {
        "category": "csaf_vex",
        "csaf_version": "2.0",
        "title": f"Vulnerabilities of {subject}",
        "lang": "en",
        "publisher": {
            "category": "other",
            "name": report.tool.name,
            "namespace": "https://tidewaiter.dev",
        },
        "tracking": {
            "id": name,
            "status": "final",
            "version": "1",
            "initial_release_date": time,
            "current_release_date": time,
            "generator": {"engine": {"name": report.tool.name, "version": report.tool.version}},
            "revision_history": [{"date": time, "number": "1", "summary": "Made from a scan."}],
        },
    }


def _product_ids(found: Iterable[Standing]) -> dict[str, str]:
    purls = sorted({purl for one in found for purl in one.purls})
    return {purl: f"P{number}" for number, purl in enumerate(purls, 1)}


def _tree(facts: Facts, ids: Mapping[str, str]) -> dict[str, Any]:
    names = {one.purl: f"{one.package} {one.installed}" for one in facts.vulnerabilities}
    products = [_product(ids[purl], names[purl], purl) for purl in ids]
    image = image_purl(facts.image)
    if not image:
        return {"full_product_names": products}
    subject = facts.image.ref or facts.image.source or "image"
    return {
        "full_product_names": [_product(_IMAGE, subject, image), *products],
        "relationships": [
            {
                "category": "default_component_of",
                "product_reference": ids[purl],
                "relates_to_product_reference": _IMAGE,
                "full_product_name": {"name": f"{names[purl]} in {subject}", "product_id": f"{_IMAGE}:{ids[purl]}"},
            }
            for purl in ids
        ],
    }


def _product(product_id: str, name: str, purl: str) -> dict[str, Any]:
    return {"name": name, "product_id": product_id, "product_identification_helper": {"purl": purl}}


def _vulnerability(group: list[Standing], ids: Mapping[str, str], *, joined: bool) -> dict[str, Any]:
    first = group[0]
    prefix = f"{_IMAGE}:" if joined else ""
    found: dict[str, Any] = {}
    if _CVE.fullmatch(first.id):
        found["cve"] = first.id
    names = [name for name in (first.id, *first.aliases) if name != found.get("cve")]
    if names:
        found["ids"] = [{"system_name": name.partition("-")[0] or "other", "text": name} for name in names]
    words = first.worst.title or f"{first.worst.package} has {first.id}."
    found["notes"] = [{"category": "description", "text": words}]
    status: dict[str, list[str]] = {}
    flags: list[dict[str, Any]] = []
    threats: list[dict[str, Any]] = []
    remediations: list[dict[str, Any]] = []
    for one in group:
        members = [f"{prefix}{ids[purl]}" for purl in one.purls]
        status.setdefault(_STATUSES[one.status], []).extend(members)
        if one.justification:
            flags.append({"label": one.justification, "product_ids": members})
        if one.reason:
            threats.append({"category": "impact", "details": one.reason, "product_ids": members})
        if one.action:
            kind = "vendor_fix" if one.members[0].fixed else "none_available"
            remediations.append({"category": kind, "details": one.action, "product_ids": members})
    found["product_status"] = {key: sorted(set(members)) for key, members in status.items()}
    told = {"flags": flags, "threats": threats, "remediations": remediations}
    return found | {key: values for key, values in told.items() if values}


RENDERER: Final = _Csaf()
