"""Vulnerabilities with an analysis in CycloneDX 1.4 and later (ECMA-424: vulnerabilities[].analysis)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tidewaiter.core.vuln.vex import Product, VexStatement, VexStatus
from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.vex.document import MOST_PROBLEMS, VexDocument, VexText

_STATES: Final[Mapping[str, VexStatus]] = {
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "exploitable": "affected",
    "in_triage": "under_investigation",
    "false_positive": "not_affected",
    "not_affected": "not_affected",
}
_LINK: Final = "urn:cdx:"


class CycloneDxVex:
    """Reads CycloneDX documents that speak about vulnerabilities."""

    id: Final = "cyclonedx-vex"

    def read(self, document: VexText) -> VexDocument | None:
        """Return the statements, None for anything else; raises VexError."""
        value = document.value
        if value is None or value.get("bomFormat") != "CycloneDX" or not isinstance(value.get("vulnerabilities"), list):
            return None
        problems: list[str] = []
        subject = mapping(mapping(value.get("metadata")).get("component"))
        names = _names(value, subject)
        statements = tuple(
            statement
            for one in _objects(value["vulnerabilities"])
            for statement in _statements(one, names, _product_names(subject), problems, value, document.name)
        )
        return VexDocument(form="CycloneDX", statements=statements, problems=tuple(problems))


def _names(value: dict[str, Any], subject: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the names of every component by its reference."""
    found: dict[str, tuple[str, ...]] = {}
    waiting = [subject, *_objects(value.get("components"))]
    while waiting:
        one = waiting.pop()
        ref = text(one.get("bom-ref"))
        names = _product_names(one)
        if ref and names:
            found[ref] = names
        waiting += _objects(one.get("components"))
    return found


def _product_names(component: dict[str, Any]) -> tuple[str, ...]:
    found = [text(component.get("purl"))]
    version = text(component.get("version"))
    if text(component.get("type")) == "container" and text(component.get("name")):
        found.append(text(component.get("name")))
        if version.startswith("sha256:"):
            found.append(version)
    return tuple(dict.fromkeys(name for name in found if name))


def _statements(
    one: dict[str, Any],
    names: Mapping[str, tuple[str, ...]],
    subject: tuple[str, ...],
    problems: list[str],
    value: dict[str, Any],
    source: str,
) -> Iterator[VexStatement]:
    analysis = mapping(one.get("analysis"))
    status = _STATES.get(text(analysis.get("state")))
    name = text(one.get("id"))
    if status is None or not name:
        return  # a vulnerability without an analysis says nothing about the product
    aliases = [text(reference.get("id")) for reference in _objects(one.get("references"))]
    products = tuple(
        _products(one, names, subject, problems, name, text(value.get("serialNumber")).removeprefix("urn:uuid:"))
    )
    if not products:
        return
    metadata = mapping(value.get("metadata"))
    author = next((text(mapping(each).get("name")) for each in _objects(metadata.get("authors"))), "")
    yield VexStatement(
        ids=tuple(dict.fromkeys(each for each in (name, *aliases) if each)),
        products=products,
        status=status,
        justification=text(analysis.get("justification")) or ("false_positive" if _is_false(analysis) else ""),
        reason=text(analysis.get("detail")),
        author=author,
        time=text(analysis.get("lastUpdated")) or text(one.get("updated")) or text(metadata.get("timestamp")),
        source=source,
    )


def _is_false(analysis: dict[str, Any]) -> bool:
    return text(analysis.get("state")) == "false_positive"


def _products(
    one: dict[str, Any],
    names: Mapping[str, tuple[str, ...]],
    subject: tuple[str, ...],
    problems: list[str],
    vulnerability: str,
    serial: str,
) -> Iterator[Product]:
    for affected in _objects(one.get("affects")):
        ref = text(affected.get("ref"))
        link, _, own = ref.rpartition("#") if ref.startswith(_LINK) else ("", "", ref)
        is_foreign = bool(link) and link.removeprefix(_LINK).partition("/")[0] != serial
        found = (() if is_foreign else names.get(own)) or ((own,) if own.startswith("pkg:") else ())
        if not found:
            if len(problems) < MOST_PROBLEMS:
                problems.append(f"{vulnerability} affects `{ref[:80]}`, which is no component of the document")
            continue
        if subject and not set(found) & set(subject):
            yield Product(names=subject, parts=found)  # the analysis is of this use of the component, and of no other
        else:
            yield Product(names=found)


def _objects(value: Any) -> Iterable[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


FORMAT: Final = CycloneDxVex()
