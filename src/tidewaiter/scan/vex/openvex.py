"""OpenVEX 0.0.x to 0.2.0 (openvex/spec: OPENVEX-SPEC.md).

Large documents say the same words about thousands of products, so that texts are kept once (`intern`).
"""

from collections.abc import Iterator
from sys import intern
from typing import Any, Final, cast

from tidewaiter.core.vuln.vex import Product, VexStatement, VexStatus
from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.vex.document import MOST_PROBLEMS, VexDocument, VexText

_CONTEXT: Final = "openvex.dev/ns"
_STATUSES: Final = frozenset({"not_affected", "affected", "fixed", "under_investigation"})


class OpenVex:
    """Reads documents whose `@context` is OpenVEX's; older ones of Ubuntu keep their head in `metadata`."""

    id: Final = "openvex"

    def read(self, document: VexText) -> VexDocument | None:
        """Return the statements, None for anything else; raises VexError."""
        value = document.value
        if value is None:
            return None
        head = mapping(value.get("metadata")) or value
        if _CONTEXT not in text(head.get("@context")):
            return None
        problems: list[str] = []
        statements = tuple(_statements(value, head, problems, document.name))
        return VexDocument(form="OpenVEX", statements=statements, problems=tuple(problems))


def _statements(
    value: dict[str, Any], head: dict[str, Any], problems: list[str], source: str
) -> Iterator[VexStatement]:
    author, time = text(head.get("author")), text(head.get("timestamp"))
    listed = value.get("statements")
    for place, one in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(one, dict):
            _note(problems, f"statement {place} is no object")
            continue
        status = text(one.get("status"))
        ids = _ids(one.get("vulnerability"))
        reason = _refusal(one, status, ids)
        if reason:
            _note(problems, f"statement {place}{f' about {ids[0]}' if ids else ''} {reason}")
            continue
        products = tuple(_products(one.get("products")))
        if not products:
            _note(problems, f"statement {place} about {ids[0]} names no product")
            continue
        yield VexStatement(
            ids=ids,
            products=products,
            status=cast("VexStatus", status),
            justification=intern(text(one.get("justification"))),
            reason=intern(text(one.get("impact_statement"))),
            action=intern(text(one.get("action_statement"))),
            author=intern(text(one.get("supplier")) or author),
            time=intern(text(one.get("timestamp")) or text(one.get("last_updated")) or time),
            source=source,
        )


def _refusal(one: dict[str, Any], status: str, ids: tuple[str, ...]) -> str:
    if not ids:
        return "names no vulnerability"
    if status not in _STATUSES:
        return f"has the status `{status[:40]}`, which is none"
    if status == "not_affected" and not text(one.get("justification")) and not text(one.get("impact_statement")):
        return "says not_affected without a justification or an impact statement"
    return ""


def _ids(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    vulnerability = mapping(value)
    names = [text(vulnerability.get("name"))]
    if not names[0]:
        names = [text(vulnerability.get("@id")).rpartition("/")[2]]
    aliases = vulnerability.get("aliases")
    names += [one for one in aliases if isinstance(one, str)] if isinstance(aliases, list) else []
    return tuple(dict.fromkeys(intern(name) for name in names if name))


def _products(value: Any) -> Iterator[Product]:
    for one in value if isinstance(value, list) else ():
        names = _names(one)
        if not names:
            continue
        parts = one.get("subcomponents") if isinstance(one, dict) else None
        if isinstance(parts, list) and parts:
            yield Product(names=names, parts=tuple(name for part in parts for name in _names(part)))
        else:
            yield Product(names=names)


def _names(value: Any) -> tuple[str, ...]:
    """Return `@id`, the identifiers and the hashes of a product or subcomponent."""
    if isinstance(value, str):
        return (value,) if value else ()
    one = mapping(value)
    found = [text(one.get("@id"))]
    identifiers = one.get("identifiers")
    if identifiers:
        found += [text(name) for name in mapping(identifiers).values()]
    digest = text(mapping(one.get("hashes")).get("sha-256")) if one.get("hashes") else ""
    if digest:
        found.append(f"sha256:{digest.lower()}")
    return tuple(dict.fromkeys(intern(name) for name in found if name))


def _note(problems: list[str], reason: str) -> None:
    if len(problems) < MOST_PROBLEMS:
        problems.append(reason)


FORMAT: Final = OpenVex()
