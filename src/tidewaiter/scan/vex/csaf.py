"""CSAF 2.0 and 2.1 documents (OASIS CSAF 2.0), of every category that has a product status."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tidewaiter.core.vuln.vex import Product, VexStatement, VexStatus
from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.vex.document import MOST_PROBLEMS, VexDocument, VexText

_STATUSES: Final[Mapping[str, VexStatus]] = {
    "known_not_affected": "not_affected",
    "fixed": "fixed",
    "first_fixed": "fixed",
    "known_affected": "affected",
    "first_affected": "affected",
    "last_affected": "affected",
    "under_investigation": "under_investigation",
}
_DEPTH: Final = 50
_MOST_PRODUCTS: Final = 500_000
_MOST_UNFOLDED: Final = 5_000_000
"""Members of groups that flags and threats name; groups of groups would cost their product."""
_OUTER: Final = frozenset(
    {"installed_on", "installed_with", "default_component_of", "optional_component_of", "external_component_of"}
)


class Csaf:
    """Reads JSON objects with a `document.csaf_version`."""

    id: Final = "csaf"

    def read(self, document: VexText) -> VexDocument | None:
        """Return the statements, None for anything else; raises VexError."""
        value = document.value
        head = mapping(value.get("document")) if value is not None else {}
        if value is None or not text(head.get("csaf_version")):
            return None
        problems: list[str] = []
        tree = _Tree(mapping(value.get("product_tree")), problems)
        author = text(mapping(head.get("publisher")).get("name"))
        time = text(mapping(head.get("tracking")).get("current_release_date"))
        listed = value.get("vulnerabilities")
        statements = tuple(
            statement
            for one in (listed if isinstance(listed, list) else ())
            if isinstance(one, dict)
            for statement in _statements(one, tree, problems, author, time, document.name)
        )
        return VexDocument(form="CSAF", statements=statements, problems=tuple(problems))


class _Tree:
    """Product ids and the names that identify their products."""

    def __init__(self, value: dict[str, Any], problems: list[str]) -> None:
        self._names: dict[str, tuple[str, ...]] = {}
        self._parts: dict[str, tuple[str, str]] = {}
        self._groups: dict[str, list[str]] = {}
        self._problems = problems
        self._unfolded = 0
        for one in _objects(value.get("full_product_names")):
            self._take(one)
        self._branches(value.get("branches"), 0)
        for one in _objects(value.get("relationships")):
            joined = mapping(one.get("full_product_name"))
            self._take(joined)
            if text(one.get("category")) in _OUTER:
                pair = (text(one.get("product_reference")), text(one.get("relates_to_product_reference")))
                self._parts[text(joined.get("product_id"))] = pair
        for one in _objects(value.get("product_groups")):
            members = one.get("product_ids")
            self._groups[text(one.get("group_id"))] = _texts(members)

    def product(self, product_id: str) -> Product | None:
        """Return a product: a component of another product is told as its part; None when nothing identifies it."""
        pair = self._parts.get(product_id)
        own = self._names.get(product_id, ())
        if pair is not None:
            part, outer = self._names.get(pair[0], ()), self._names.get(pair[1], ())
            if part and outer:
                return Product(names=outer, parts=part)
            # without the name of what holds it, the part alone would say too much
        return Product(names=own) if own else None

    def members(self, one: dict[str, Any]) -> list[str]:
        """Return the product ids that a flag or threat is about; of a document's groups only so many are unfolded."""
        found = _texts(one.get("product_ids"))
        for group in dict.fromkeys(_texts(one.get("group_ids"))):
            members = self._groups.get(group, [])
            self._unfolded += len(members)
            if self._unfolded > _MOST_UNFOLDED:
                break
            found += members
        return found

    def _branches(self, value: Any, depth: int) -> None:
        if depth > _DEPTH:
            _note(self._problems, f"branches of the product tree are nested deeper than {_DEPTH}")
            return
        for one in _objects(value):
            if isinstance(one.get("product"), dict):
                self._take(one["product"], is_version=text(one.get("category")).startswith("product_version"))
            if one.get("branches"):
                self._branches(one["branches"], depth + 1)

    def _take(self, product: dict[str, Any], *, is_version: bool = False) -> None:
        product_id = text(product.get("product_id"))
        if not product_id or len(self._names) >= _MOST_PRODUCTS:
            return
        helper = mapping(product.get("product_identification_helper"))
        found = [text(helper.get("purl")), *_texts(helper.get("purls")), text(helper.get("cpe"))]
        for entry in _objects(helper.get("hashes")):
            found += [
                f"sha256:{text(digest.get('value')).lower()}"
                for digest in _objects(entry.get("file_hashes"))
                if text(digest.get("algorithm")) == "sha256"
            ]
        # below a version, or a range of them, a package URL without one would speak about all versions
        names = tuple(dict.fromkeys(name for name in found if name and not (is_version and _is_unversioned(name))))
        if names:
            self._names[product_id] = names


def _is_unversioned(name: str) -> bool:
    """Tell whether a package URL has no version."""
    base = name.partition("?")[0].partition("#")[0]
    return name.startswith("pkg:") and "@" not in base.rpartition("/")[2]


def _statements(
    one: dict[str, Any], tree: _Tree, problems: list[str], author: str, time: str, source: str
) -> Iterator[VexStatement]:
    ids = _ids(one)
    if not ids:
        _note(problems, f"a vulnerability `{text(one.get('title'))[:60]}` has no id")
        return
    flags, impacts = _by_product(one, tree)
    for key, status in _STATUSES.items():
        by_reason: dict[tuple[str, str], list[Product]] = defaultdict(list)
        nameless = 0
        for product_id in _texts(mapping(one.get("product_status")).get(key)):
            product = tree.product(product_id)
            if product is None:
                nameless += 1
            else:
                by_reason[flags.get(product_id, ""), impacts.get(product_id, "")].append(product)
        if nameless:
            _note(
                problems,
                f"{nameless} products of {ids[0]} ({key}) have neither package URL nor hash that says which is meant",
            )
        for (justification, reason), products in by_reason.items():
            yield VexStatement(
                ids=ids,
                products=tuple(products),
                status=status,
                justification=justification,
                reason=reason,
                author=author,
                time=time,
                source=source,
            )


def _ids(one: dict[str, Any]) -> tuple[str, ...]:
    found = [text(one.get("cve")), *(text(entry.get("text")) for entry in _objects(one.get("ids")))]
    return tuple(dict.fromkeys(name for name in found if name))


def _by_product(one: dict[str, Any], tree: _Tree) -> tuple[dict[str, str], dict[str, str]]:
    flags: dict[str, str] = {}
    for flag in _objects(one.get("flags")):
        flags |= dict.fromkeys(tree.members(flag), text(flag.get("label")))
    impacts: dict[str, str] = {}
    for threat in _objects(one.get("threats")):
        if text(threat.get("category")) == "impact":
            impacts |= dict.fromkeys(tree.members(threat), text(threat.get("details")))
    return flags, impacts


def _objects(value: Any) -> Iterable[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _note(problems: list[str], reason: str) -> None:
    if len(problems) < MOST_PROBLEMS:
        problems.append(reason)


FORMAT: Final = Csaf()
