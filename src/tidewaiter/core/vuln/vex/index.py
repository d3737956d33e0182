"""Statements by vulnerability and product, so that hundreds of thousands cost a look-up and no search."""

from collections.abc import Iterable, Sequence
from typing import Final

from tidewaiter.core.vuln.vex.identity import Identity, Names
from tidewaiter.core.vuln.vex.statement import Product, VexStatement

_NOTHING: Final[tuple["Entry", ...]] = ()

Entry = tuple[VexStatement, Product | None]
"""A statement and the one of its products that it was found under; None for statements about every product."""


class VexIndex:
    """All statements of one run; documents may be added until the first question."""

    def __init__(self, statements: Iterable[VexStatement] = ()) -> None:
        """Index the statements."""
        self.names = Names()
        self.count = 0
        self._packages: dict[tuple[str, Identity], list[Entry]] = {}
        self._others: dict[str, list[Entry]] = {}
        self._bases: dict[str, Identity | None] = {}
        for statement in statements:
            self.add(statement)

    def __bool__(self) -> bool:
        """Tell whether there is any statement."""
        return self.count > 0

    def add(self, statement: VexStatement) -> None:
        """Index one statement under every id and every product's name."""
        self.count += 1
        if statement.products is None:
            for name in statement.ids:
                self._others.setdefault(name, []).append((statement, None))
            return
        for product in statement.products:
            entry = (statement, product)
            identities: dict[Identity, None] = {}
            is_other = False
            for text in product.names:
                identity = self._identity(text)
                if identity is None:
                    is_other = True
                else:
                    identities[identity] = None
            for name in dict.fromkeys(statement.ids):
                for identity in identities:
                    self._packages.setdefault((name, identity), []).append(entry)
                if is_other:
                    self._others.setdefault(name, []).append(entry)

    def about_package(self, ids: Iterable[str], identity: Identity) -> Sequence[Entry]:
        """Return the entries whose product is a package of this identity."""
        found = [self._packages.get((name, identity)) for name in ids]
        lists = [one for one in found if one]
        if not lists:
            return _NOTHING
        return lists[0] if len(lists) == 1 else _unique(lists)

    def about_others(self, ids: Iterable[str]) -> Sequence[Entry]:
        """Return the entries about images and about every product."""
        lists = [found for name in ids if (found := self._others.get(name))]
        if not lists:
            return _NOTHING
        return lists[0] if len(lists) == 1 else _unique(lists)

    def _identity(self, text: str) -> Identity | None:
        """Return type, namespace and name of a package URL; None for images and anything that is no package URL.

        The part before version and qualifiers decides and repeats a thousand times, so that it is parsed once.
        """
        if not text.startswith("pkg:"):
            return None
        base = text.partition("?")[0].partition("#")[0]
        at = base.rfind("@")
        if at > base.rfind("/"):
            base = base[:at]
        if base not in self._bases:
            purl = self.names.purl(base)
            is_image = purl is None or purl.type in {"oci", "docker"}
            self._bases[base] = None if purl is None or is_image else purl.identity
        return self._bases[base]


def _unique(lists: Sequence[Sequence[Entry]]) -> list[Entry]:
    seen: dict[int, Entry] = {}
    for entries in lists:
        for entry in entries:
            seen.setdefault(id(entry), entry)
    return list(seen.values())
