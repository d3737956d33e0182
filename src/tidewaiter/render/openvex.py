"""The vulnerabilities of a scan as OpenVEX 0.2.0 (openvex/spec: OPENVEX-SPEC.md)."""

import json
import uuid
from typing import Any, Final

import msgspec

from tidewaiter.core.report import Report, as_unicode
from tidewaiter.core.report.facts import Facts
from tidewaiter.core.report.image_name import image_purl
from tidewaiter.core.report.standing import Standing, standings

_CONTEXT: Final = "https://openvex.dev/ns/v0.2.0"
_NAMESPACE: Final = uuid.UUID("6f0e5a52-5d0c-5c2e-9d0b-7469646577fd")
_NO_TIME: Final = "1970-01-01T00:00:00+00:00"


class _OpenVex(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "openvex"
    tags: frozenset[str] = frozenset({"machines", "scan", "vex"})
    media_type: str = "application/json"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the document."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return the document, ending in a newline.

    The product is the image, limited to the packages; packages of a folder, or of an image without a digest, are
    products themselves. The id is a hash of the statements.
    """
    facts = report.facts
    statements = [_statement(one, facts) for one in standings(facts.vulnerabilities)] if facts is not None else []
    plain = as_unicode(statements)
    name = uuid.uuid5(_NAMESPACE, json.dumps(plain, sort_keys=True))
    document = {
        "@context": _CONTEXT,
        "@id": f"urn:uuid:{name}",
        "author": report.tool.name,
        "timestamp": report.created or _NO_TIME,
        "version": 1,
        "tooling": f"{report.tool.name} {report.tool.version}",
        "statements": plain,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _statement(one: Standing, facts: Facts) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "vulnerability": {"name": one.id} | ({"aliases": list(one.aliases)} if one.aliases else {}),
        "products": _products(one, facts),
        "status": one.status,
    }
    if one.justification:
        statement["justification"] = one.justification
    if one.reason:
        statement["impact_statement"] = one.reason
    if one.action:
        statement["action_statement"] = one.action
    return statement


def _products(one: Standing, facts: Facts) -> list[dict[str, Any]]:
    packages = [{"@id": purl, "identifiers": {"purl": purl}} for purl in one.purls]
    purl = image_purl(facts.image)
    if not purl:
        return packages
    return [{"@id": purl, "identifiers": {"purl": purl}, "subcomponents": packages}]


RENDERER: Final = _OpenVex()
