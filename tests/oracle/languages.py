"""Advisories of single ecosystems in their own range languages: RustSec, RubySec, FriendsOfPHP, npm, victims, retire.js."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from packaging.version import Version

from oracle import order
from oracle.osv import normal
from oracle.rows import Judge, Package, Row, Verdict, records
from oracle.tools import Orders

Test = Callable[[str, str, str], bool]
_TERM: Final = re.compile(r"\s*(~>|>=|<=|==|!=|>|<|=|\^|~)?\s*(\S+)\s*")


def _upper(version: str, keep: int) -> str:
    """Return the first version above the series of the first `keep` numbers."""
    numbers = [int(part) for part in re.match(r"\d+(\.\d+)*", version).group().split(".")][:keep]  # type: ignore[union-attr]
    return ".".join(str(part) for part in [*numbers[:-1], numbers[-1] + 1])


def _caret(version: str) -> int:
    numbers = [int(part) for part in re.match(r"\d+(\.\d+)*", version).group().split(".")]  # type: ignore[union-attr]
    return next((place for place, part in enumerate(numbers, 1) if part), len(numbers))


def term(kind: str, orders: Orders, version: str, text: str) -> bool:
    """Tell whether a version meets one comparison such as `>= 1.2`, `~> 1.2`, `^1.2`; bare means caret (cargo)."""
    found = _TERM.fullmatch(text)
    assert found is not None, text
    sign, other = found[1] or "^", found[2]
    if sign in ("~>", "^"):
        keep = max(1, len(re.match(r"\d+(\.\d+)*", other).group().split(".")) - 1) if sign == "~>" else _caret(other)  # type: ignore[union-attr]
        ceiling = _upper(other, keep)
        below = orders.compare(kind, version, ceiling + ("-0" if kind == "semver" else ".a")) < 0
        return orders.compare(kind, version, other) >= 0 and below
    side = orders.compare(kind, version, other)
    return {">": side > 0, ">=": side >= 0, "<": side < 0, "<=": side <= 0, "!=": side != 0}.get(sign, side == 0)


def _lows(specs: Iterable[str]) -> list[str]:
    """Return the versions at which the given ranges begin."""
    found = [_TERM.fullmatch(part) for spec in specs for part in spec.split(",")]
    return [one[2] for one in found if one and (one[1] or "^") in (">=", "~>", "^", "=", "==")]


def _numbers(specs: Iterable[str]) -> tuple[str, ...]:
    return tuple(re.findall(r"\d[\w.+-]*", " ".join(specs)))


def patched(kind: str, orders: Orders, good: list[str], clean: list[str]) -> Judge:
    """Return the judge of lists of patched and unaffected ranges: whatever is in none of them is affected."""

    def meets(version: str, specs: list[str]) -> bool:
        return any(all(term(kind, orders, version, part) for part in spec.split(",")) for spec in specs)

    def one(package: Package) -> Verdict:
        if not order.valid(kind, package.version):
            return Verdict("unknown")
        if meets(package.version, clean):
            return Verdict("not_affected")
        if meets(package.version, good):
            return Verdict("fixed")
        fixes = (low for low in _lows(good) if orders.compare(kind, low, package.version) > 0)
        return Verdict("affected", frozenset(fixes))

    return one


def rustsec(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return the rows of rustsec/advisory-db."""
    for record in records(shared / "advisories/rustsec.jsonl.gz"):
        told, versions = record["advisory"], record["versions"]
        if told.get("withdrawn") or "/rust/" in record["_path"] or record["_path"].startswith("rust/"):
            continue
        good, clean = versions.get("patched") or [], versions.get("unaffected") or []
        yield Row(
            feed="rustsec",
            system="crates.io",
            name=told["package"],
            ids=(told["id"], *told.get("aliases", ())),
            judge=patched("semver", orders, good, clean),
            bounds=_numbers([*good, *clean]),
        )


def rubysec(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return the rows of rubysec/ruby-advisory-db."""
    for record in records(shared / "advisories/rubygems-rubysec.jsonl.gz"):
        ids = [
            f"{word}-{record[key]}"
            for key, word in (("cve", "CVE"), ("ghsa", "GHSA"), ("osvdb", "OSVDB"))
            if record.get(key)
        ]
        good, clean = record.get("patched_versions") or [], record.get("unaffected_versions") or []
        yield Row(
            feed="rubysec",
            system="RubyGems",
            name=record["gem"],
            ids=tuple(ids) or (Path(record["_path"]).stem,),
            judge=patched("gem", orders, good, clean),
            bounds=_numbers([*good, *clean]),
        )


def _any_of(kind: str, orders: Orders, alternatives: list[list[str]]) -> Judge:
    """Return the judge of lists of vulnerable ranges: within one all, of all one."""

    def meets(version: str) -> list[list[str]]:
        return [parts for parts in alternatives if all(term(kind, orders, version, part) for part in parts)]

    def one(package: Package) -> Verdict:
        if not order.valid(kind, package.version):
            return Verdict("unknown")
        hits = meets(package.version)
        if hits:
            highs = [part[1:].strip() for parts in alternatives for part in parts if re.match(r"< *\d", part)]
            fixes = {high for high in highs if orders.compare(kind, high, package.version) > 0 and not meets(high)}
            return Verdict(
                "affected",
                frozenset(fixes | {""} if any(not re.match("<[^=]", parts[-1]) for parts in hits) else fixes),
            )
        return Verdict("not_affected")

    return one


def packagist(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return the rows of FriendsOfPHP/security-advisories."""
    for record in records(shared / "advisories/packagist-friendsofphp.jsonl.gz"):
        alternatives = [branch["versions"] for branch in record["branches"].values()]
        ids = (record["cve"],) if record.get("cve") else (f"friendsofphp/{record['_path'].removesuffix('.yaml')}",)
        yield Row(
            feed="friendsofphp",
            system="Packagist",
            name=record["reference"].removeprefix("composer://").lower(),
            ids=ids,
            judge=_any_of("composer", orders, alternatives),
            bounds=_numbers(part for parts in alternatives for part in parts),
        )


def _padded(version: str) -> str:
    """Return a short form with all its three numbers, without which node takes it for no version."""
    found = re.match(r"[=vV ]*(\d+(?:\.\d+){0,2})(.*)", version)
    assert found is not None, version
    return ".".join([*found[1].split("."), "0", "0"][:3]) + found[2]


def npm(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return the rows of nodejs/security-wg about npm packages; node's own semver evaluates the ranges."""
    worker = orders.workers.get("semver")
    for record in records(shared / "advisories/npm-security-wg.jsonl.gz"):
        spec, good = record["vulnerable_versions"], record["patched_versions"] or ""

        def judge(package: Package, spec: str = spec, good: str = good) -> Verdict | None:
            if worker is None:
                return None
            if not order.valid("semver", package.version):
                return Verdict("unknown")
            if worker.ask("in", _padded(package.version), spec) == "1":
                named = _numbers(() if good.startswith("<") else (good,))
                above = {fix for fix in named if orders.compare("semver", fix, package.version) > 0}
                above = {fix for fix in above if worker.ask("in", _padded(fix), spec) != "1"}
                # To node `>=4.5` begins at 4.5.0-0, before every prerelease.
                return Verdict(
                    "affected", frozenset(above | {f"{_padded(fix)}-0" for fix in above if fix.count(".") == 1})
                )
            return Verdict("not_affected")

        yield Row(
            feed="npm-security-wg",
            system="npm",
            name=record["module_name"],
            ids=(*record["cves"], f"NSWG-ECO-{record['id']}"),
            judge=judge,
            bounds=_numbers([spec, good]),
        )


def retirejs(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return the rows of RetireJS/retire.js about libraries that are npm packages."""
    for repository in records(shared / "advisories/npm-retirejs.jsonl.gz"):
        for key, library in repository.items():
            if not isinstance(library, dict) or not (
                name := library.get("npmname") or ("" if "extractors" in library else key)
            ):
                continue  # found by its content alone: no package of npm
            for place, told in enumerate(library.get("vulnerabilities", ())):
                identifiers = told.get("identifiers", {})
                ids = [*identifiers.get("CVE", ()), *([identifiers["githubID"]] if "githubID" in identifiers else [])]
                ranges = told.get("ranges") or [told]
                alternatives = [
                    [
                        sign + part[word].replace("-*", "-0")
                        for word, sign in (("atOrAbove", ">="), ("below", "<"))
                        if word in part
                    ]
                    for part in ranges
                ]

                yield Row(
                    feed="retirejs",
                    system="npm",
                    name=name,
                    ids=tuple(ids) or (f"retirejs/{name}/{place}",),
                    judge=_any_of("semver", orders, alternatives),
                    bounds=_numbers(part for parts in alternatives for part in parts),
                )


def _series(kind: str, version: str, series: str) -> bool:
    version = str(Version(version)) if kind == "pypi" else version
    return bool(re.match(re.escape(series) + r"([^0-9]|$)", version))


def victims(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return the rows of victims/victims-cve-db: `<=2.0.11,2.0` is at most 2.0.11 and of the series 2.0."""
    for record in records(shared / "advisories/maven-victims.jsonl.gz"):
        for entry in record["affected"]:
            system, kind = ("Maven", "maven") if "groupId" in entry else ("PyPI", "pypi")
            name = f"{entry['groupId']}:{entry['artifactId']}" if "groupId" in entry else normal("PyPI", entry["name"])
            specs, good = [str(part) for part in entry["version"]], [str(part) for part in entry.get("fixedin") or ()]

            def judge(package: Package, specs: list[str] = specs, good: list[str] = good, kind: str = kind) -> Verdict:
                if not order.valid(kind, package.version):
                    return Verdict("unknown")
                for spec in specs:
                    bound, _, series = spec.partition(",")
                    if term(kind, orders, package.version, bound) and (
                        not series
                        or _series(kind, package.version, series)
                        or orders.compare(kind, package.version, series) == 0
                    ):
                        lows = [part.partition(",")[0].lstrip(">=") for part in good]
                        fixes = {low for low in lows if orders.compare(kind, low, package.version) > 0}
                        return Verdict("affected", frozenset({*fixes, ""}))  # which repairs which is not told
                return Verdict("not_affected")

            yield Row(
                feed="victims",
                system=system,
                name=name,
                ids=(f"CVE-{record['cve']}",),
                judge=judge,
                bounds=_numbers([*specs, *good]),
            )


def rows(shared: Path, orders: Orders) -> Iterator[Row]:
    """Return the rows of all of them."""
    for reader in (rustsec, rubysec, packagist, npm, retirejs, victims):
        yield from reader(shared, orders)
