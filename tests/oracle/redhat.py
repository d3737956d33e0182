"""Red Hat's CSAF VEX documents: repository CPEs, architecture, module streams and the vendor's words."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from oracle.rows import Package, Row, Verdict, document
from oracle.rpms import plain_hash
from oracle.tools import Orders

_WORDS: Final = (("will not fix", "will_not_fix"), ("out of support", "end_of_life"), ("fix deferred", "fix_deferred"))


@dataclass(frozen=True, kw_only=True)
class Told:
    """One product of one status."""

    status: str
    cpe: str
    name: str
    version: str
    arch: str
    module: str


def _products(branches: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, str]]]:
    for branch in branches:
        if "product" in branch:
            yield branch["product"]["product_id"], branch["product"].get("product_identification_helper") or {}
        yield from _products(branch.get("branches") or [])


def _component(product: str, purl: str) -> tuple[str, str, str, str]:
    """Return name, version (empty = any), architecture and module of a component."""
    head, _, tail = purl.partition("?")
    options = dict(parse_qsl(tail.replace("+", "%2B")))
    path, _, version = head.partition("@")
    module = ":".join(options.get("rpmmod", "").split(":")[:2])
    if version:
        arch = options.get("arch") or "src"  # the successor's documents name sources, without the word
        return unquote(path).rsplit("/", 1)[-1], f"{options.get('epoch', '0')}:{unquote(version)}", arch, module
    prefix, _, bare = product.rpartition("/")
    bare = bare.partition("::")[0]
    arch = "src" if bare.endswith(".src") or options.get("arch") == "src" else ""
    return bare.removesuffix(".src"), "", arch, module or (prefix if ":" in prefix else "")


def _said(found: dict[str, Any], tree: dict[str, Any]) -> Iterator[Told]:
    helpers = dict(_products(tree.get("branches") or []))
    pairs = {
        one["full_product_name"]["product_id"]: (one["product_reference"], one["relates_to_product_reference"])
        for one in tree.get("relationships") or ()
    }
    words: dict[str, str] = {}
    for remedy in found.get("remediations") or ():
        if remedy["category"] in ("no_fix_planned", "none_available"):
            status = next((status for text, status in _WORDS if remedy["details"].lower().startswith(text)), "affected")
            words.update(dict.fromkeys(remedy["product_ids"], status))
    for status, products in found["product_status"].items():
        for product in products:
            component, repository = pairs.get(product, (product, ""))
            if re.search(r"-\d{16,}\.[0-9a-f]{8}$", component):
                continue  # a module's own build, which no package's version can be compared with
            name, version, arch, module = _component(component, helpers.get(component, {}).get("purl", ""))
            word = {"known_affected": words.get(product, "affected"), "known_not_affected": "not_affected"}.get(
                status, status
            )
            yield Told(
                status=word,
                cpe=helpers.get(repository, {}).get("cpe", ""),
                name=name,
                version=version,
                arch=arch,
                module=module,
            )


def covers(pattern: str, cpe: str) -> bool:
    """Tell whether a row's CPE covers a repository's, the part letter aside."""
    one, other = (re.sub(r"^cpe:/[aho]:", "", text) for text in (pattern, cpe))
    return other == one or other.startswith(one + ":")


def _series(version: str) -> str:
    """Return a modular version without build number and context."""
    return re.sub(r"(\.module[_+]el[\d.]+)\+\d+(\+[0-9a-f]{8})?", r"\1", version)


def _verdict(package: Package, told: list[Told], orders: Orders) -> Verdict | None:
    mine = [
        one
        for one in told
        if any(covers(one.cpe, cpe) for cpe in package.cpes)
        and one.module in ("", package.module)
        and (one.module or not package.module or not one.version)
    ]
    binary = [
        one
        for one in mine
        if one.name == package.name
        and one.arch != "src"
        and (not package.arch or one.arch in ("", "noarch", package.arch))
    ]
    version = plain_hash(package.version)
    source = package.source or package.name
    if not any(one.version and one.arch != "src" for one in told):  # the successor's documents name sources only
        version = version.partition(":")[2] or version  # a source's name carries no epoch
        binary += [replace(one, version=one.version.partition(":")[2]) for one in mine if one.name == source]
    fixes = {one.version for one in binary if one.status == "fixed" and one.version}
    if any(plain_hash(fix) == version for fix in fixes):  # its own build: others of the update are not for it
        fixes = {fix for fix in fixes if _series(fix) != _series(version) or plain_hash(fix) == version}
    if fixes:
        above = {fix for fix in fixes if orders.compare("rpm", version, plain_hash(fix)) < 0}
        return Verdict("affected", frozenset(above)) if above else Verdict("fixed")
    named = [one for one in binary if not one.version or orders.compare("rpm", version, plain_hash(one.version)) == 0]
    named = named or [one for one in mine if one.name == source and not one.version]
    for status in ("not_affected", "affected", "fix_deferred", "will_not_fix", "end_of_life", "under_investigation"):
        if any(one.status == status for one in named):
            return Verdict(status)
    return None


def rows(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return one row per package name and CVE; the names of sources too."""
    folder = shared / "feeds/redhat"
    by_cve: defaultdict[str, list[Told]] = defaultdict(list)
    every = [document(path) for path in (*folder.glob("vex/*.json*"), *folder.glob("vex-v2/*.json*"))]
    for record in sorted(every, key=lambda one: str(one["document"]["tracking"]["current_release_date"])):
        for found in record["vulnerabilities"]:
            by_cve[found["cve"]] = list(_said(found, record["product_tree"]))  # the latest of several documents
    for cve, every in by_cve.items():
        for name in sorted({one.name for one in every if not one.name.endswith(("-debuginfo", "-debugsource"))}):

            def judge(package: Package, every: list[Told] = every) -> Verdict | None:
                return _verdict(package, every, orders)

            mine = [one for one in every if one.name == name]
            yield Row(
                feed="redhat-csaf-vex",
                system="Red Hat",
                name=name,
                ids=(cve,),
                judge=judge,
                bounds=tuple(sorted({one.version for one in mine if one.version})),
                hints=tuple(sorted({(one.version, one.module) for one in mine if one.version and one.module})),
            )
