"""The products of Red Hat's documents: which repository, which package, which build; no feed by itself."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, unquote

import msgspec

from tidewaiter.core.vuln.cpe import is_of_system, major_of
from tidewaiter.core.vuln.distributions import is_module_name, module_name, source_name

_DEEPEST = 50
_MODULE_BUILD = re.compile(r"([0-9]{16,20})\.[0-9a-f]{8}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_DEBUG = ("-debuginfo", "-debugsource", "-debuginfo-common")
_NO_ARCH = frozenset({"", "src"})
_MAJORS = ("7", "8", "9", "10")
"""Releases on which layered products run that do not say on which."""


class Helper(msgspec.Struct):
    """`product_identification_helper`."""

    cpe: str | None = None
    purl: str | None = None


class Product(msgspec.Struct):
    """A product or package of the tree."""

    product_id: str
    product_identification_helper: Helper | None = None


class Branch(msgspec.Struct):
    """A node of the tree."""

    product: Product | None = None
    branches: list["Branch"] | None = None


class Relationship(msgspec.Struct):
    """A package as part of a repository."""

    full_product_name: Product
    product_reference: str
    relates_to_product_reference: str


class Tree(msgspec.Struct):
    """`product_tree`."""

    branches: list[Branch] | None = None
    relationships: list[Relationship] | None = None


class Component(msgspec.Struct, frozen=True):
    """One package of one repository."""

    name: str
    """As `PackageKey.name`: the binary's name, `NAME.src`, or the module's."""
    cpe: str
    version: str = ""
    """`[epoch:]version-release`, or a module's version; empty for "whatever build"."""
    arch: str = ""
    module: str = ""
    """`name:stream`."""

    @property
    def releases(self) -> tuple[str, ...]:
        """Return the major releases of RHEL on which it may be installed."""
        major = major_of(self.cpe)
        return (major,) if major else _MAJORS


def components(tree: Tree) -> Mapping[str, Component | None]:
    """Return the rpms by product id; None for what is no rpm, or one that says nothing of its own.

    Ids are never taken apart: repository names hold colons, the relationships tell what belongs together. Built
    sources count only in documents that name no built binaries.
    """
    helpers = dict(_helpers(tree.branches or [], 0))
    relations = tree.relationships or []
    builds = {name: _build(name, helpers.get(name)) for name in {one.product_reference for one in relations}}
    has_binaries = any(build.version and build.arch not in _NO_ARCH for build in builds.values() if build is not None)
    found: dict[str, Component | None] = {}
    for relation in relations:
        build = builds[relation.product_reference]
        repository = helpers.get(relation.relates_to_product_reference)
        cpe = repository.cpe if repository is not None else None
        if build is None and cpe and is_of_system(cpe) and relation.product_reference not in helpers:
            # The system's own list may name a package without a package URL.
            build = _named(relation.product_reference)
        is_told = build is not None and not (has_binaries and build.version and build.arch in _NO_ARCH)
        found[relation.full_product_name.product_id] = build.within(cpe) if build and is_told and cpe else None
    return found


class _Build(msgspec.Struct, frozen=True):
    name: str
    version: str
    arch: str
    module: str

    def within(self, cpe: str) -> Component:
        is_source = self.arch == "src" or (self.version and not self.arch and not is_module_name(self.name))
        name = source_name(self.name) if is_source else self.name
        return Component(name, cpe, self.version, "" if is_source else self.arch, self.module)


def _helpers(branches: list[Branch], depth: int) -> Iterator[tuple[str, Helper]]:
    if depth > _DEEPEST:
        return
    for branch in branches:
        product = branch.product
        if product is not None and product.product_identification_helper is not None:
            yield product.product_id, product.product_identification_helper
        yield from _helpers(branch.branches or [], depth + 1)


def _named(reference: str) -> _Build | None:
    """Return a package by its bare name, None for what is no name of an rpm (images, files)."""
    if _NAME.fullmatch(reference) is None:
        return None
    is_source = reference.endswith(".src")
    return _Build(reference.removesuffix(".src"), "", "src" if is_source else "", "")


def _build(reference: str, helper: Helper | None) -> _Build | None:
    purl = helper.purl if helper is not None else None
    if not purl or not purl.startswith("pkg:rpm/"):
        return None
    path, _, query = purl.removeprefix("pkg:rpm/").partition("?")
    path, _, version = path.partition("@")
    name, version = unquote(path.rpartition("/")[2]), unquote(version)
    asked = dict(parse_qsl(query))
    module = ":".join(asked.get("rpmmod", "").split(":")[:2]) or reference.partition("::")[2]
    if not name or name.endswith(_DEBUG) or "-debuginfo-" in name:
        return None
    built = _MODULE_BUILD.fullmatch(version.rpartition("-")[2])
    if version and built is not None:
        # The second form of the documents names a module's build instead of its packages: `python39-3.9-8100….d47b87a4`.
        stream = f"{name}:{version.rpartition('-')[0]}"
        return _Build(module_name(stream), built[1], "", stream)
    epoch = asked.get("epoch", "0")
    if version and epoch not in {"", "0"}:
        version = f"{epoch}:{version}"
    return _Build(name, version, asked.get("arch", ""), module)
