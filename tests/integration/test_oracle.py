"""The product's verdicts against the reference matcher of tests/oracle: precision and recall, both 100 %."""

import json
import os
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oracle import compare, draw
from oracle.debian import CODENAMES
from oracle.matcher import Reference
from oracle.rows import BAD, Package
from oracle.tools import PLAIN, Orders
from shared import SHARED, shared

pytestmark = pytest.mark.corpus
REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = (str(Path(sys.executable).with_name("tidewaiter")),)
PART = (
    "advisories/crates-osv.jsonl.gz", "advisories/rustsec.jsonl.gz", "advisories/rubygems-rubysec.jsonl.gz",
    "advisories/npm-security-wg.jsonl.gz", "advisories/debian-derived", "advisories/ghsa-npm-maven-osv.jsonl.gz",
    "advisories/maven-victims.jsonl.gz", "feeds/debian/data.json", "feeds/debian/synthetic-statuses.json",
    "feeds/debian/osv-debian.jsonl.gz", "feeds/ubuntu/osv-ubuntu.jsonl.gz", "feeds/ubuntu/osv", "feeds/ubuntu/vex",
    "feeds/redhat/vex", "feeds/ghsa", "feeds/malicious", "feeds/alpine/secdb/v3.20", "feeds/osv-export",
)  # fmt: skip
"""What the quick test gives to both sides."""
VECTORS = {"debian": "dpkg", "redhat": "rpm", "alpine": "apk", "semver": "semver", "nuget": "nuget", "pypi": "pypi",
           "rubygems": "gem", "maven": "maven", "packagist": "composer"}  # fmt: skip
NOT_THEIRS = ("1.2.3.#", "ruff")
"""Lines of the vectors with a sign that stands for nothing a package can have."""
Agreement = tuple[int, list[compare.Difference]]


@pytest.fixture(scope="module")
def orders() -> Iterator[Orders]:
    """Return the orders of versions by each ecosystem's own program."""
    found = Orders()
    yield found
    found.close()


def build(database: Path, *sources: Path) -> Path:
    """Build advisory data by the public command."""
    compare.run([*COMMAND, "db", "build", *map(str, sources), "--output", str(database)])
    return database


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return advisory data of all shared documents."""
    return build(tmp_path_factory.mktemp("all") / "db", shared("advisories"), shared("feeds"))


def agreement(reference: Reference, database: Path, folder: Path, seed: int, count: int) -> Agreement:
    """Return how many pairs were compared and every difference; one SBOM per distribution, one for languages."""
    groups: defaultdict[str, list[Package]] = defaultdict(list)
    for package in draw.draw(reference, seed, count):
        groups[compare.distro(package)].append(package)
    found: list[compare.Difference] = []
    for packages in groups.values():
        path = folder / "sbom.json"
        path.write_text(json.dumps(compare.sbom(packages)))
        report = compare.scan(COMMAND, f"sbom:{path}", database, folder / "report.json")
        for package, said in compare.matched(packages, report):
            found += compare.differences(reference, package, said, report["unknowns"])
    return sum(map(len, groups.values())), found


@pytest.mark.parametrize("plain", [False, True], ids=["own-program", "written-again"])
def test_orders_meet_the_vectors(plain):
    """What the reference compares with has the shared vectors' order, by the program and by its second writing."""
    chance = random.Random(4)
    found = Orders(plain=plain)
    for path in sorted(shared("vectors/version-compare").glob("*.txt")):
        kind = VECTORS[path.name.partition("-")[0]]
        lines = [line for line in path.read_text().splitlines() if re.match(r"[^#/].* [<=>] ", line)]
        for line in chance.sample(lines, min(len(lines), 300)):
            one, sign, other = re.split(r"\s+([<=>])\s+", line.strip())
            huge = kind == "semver" and len(line) > 99 and not plain  # node has no numbers beyond 53 bits
            if not huge and not any(word in line for word in NOT_THEIRS):
                assert {"<": -1, "=": 0, ">": 1}[sign] == found.compare(kind, one, other), line
    found.close()
    assert set(VECTORS.values()) <= set(PLAIN)


def expected_package(line: dict[str, Any]) -> Package:
    """Return the package that a line of expected.jsonl is about."""
    release = str(line.get("release", ""))
    system = {"debian": f"Debian:{CODENAMES.get(release)}", "ubuntu": f"Ubuntu:{release}", "rhel": "Red Hat",
              "alpine": f"Alpine:{release}"}.get(line.get("os", ""), line.get("ecosystem", ""))  # fmt: skip
    return Package(
        system=system, name=line["package"], version=line["installed_version"], source=line.get("source_package", ""),
        source_version=line.get("source_version", ""), arch=line.get("arch", ""), module=line.get("module", ""),
        cpes=tuple(line.get("cpes", ())), pro=line.get("pro", False),
    )  # fmt: skip


def test_reference_meets_the_expected_verdicts(orders, tmp_path):
    """The reference gives every verdict and fixed version that was derived by hand from the feeds' documents."""
    (tmp_path / "feeds").symlink_to(shared("feeds"))
    reference = Reference(tmp_path, orders)
    for text in shared("feeds/expected.jsonl").read_text().splitlines():
        line = json.loads(text)
        said = [verdict for ids, verdict in reference.verdicts(expected_package(line)).values() if line["cve"] in ids]
        status, fixes = (said[0].status, said[0].fixes) if said else ("unknown", frozenset())
        assert (line["expect"], 1 >= len(said)) == (status, True), text
        assert "fixed_version" not in line or line["expect"] != "affected" or line["fixed_version"] in fixes, text


def test_product_agrees_on_a_part_of_the_data(orders, tmp_path):
    """Around the bounds of a part of the shared documents, product and reference say the same."""
    for name in PART:
        link = tmp_path / "part" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(shared(name))
    database = build(tmp_path / "db", *(SHARED / name for name in PART))
    compared, found = agreement(Reference(tmp_path / "part", orders), database, tmp_path, seed=4, count=25)
    assert [] == found
    assert compared >= 400


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 7])
def test_product_agrees_on_all_data(orders, everything, tmp_path, seed):
    """Over every ecosystem, at, below and above every kind of bound, product and reference say the same."""
    compared, found = agreement(Reference(SHARED, orders), everything, tmp_path, seed=seed, count=60)
    assert [] == found
    assert compared >= 3000


@pytest.mark.long
def test_precision_and_recall_of_the_bench_image(orders, everything, tmp_path):
    """Of 200 packages of the bench image, half of them with rows, every verdict is the reference's."""
    cache = Path(os.environ.get("TIDEWAITER_TEST_CACHE", Path.home() / ".cache" / "tidewaiter-tests"))
    image = next(iter(sorted(cache.glob("big-*/image.tar"))), None)
    if image is None:
        pytest.skip("the bench image is not there: make it with bench/lib/big_image.py")
    report = compare.scan(COMMAND, str(image), everything, tmp_path / "report.json")
    packages, said = compare.inventory(report)
    reference = Reference(SHARED, orders)
    told = [package for package in packages if reference.rows(package)]
    others = [package for package in packages if not reference.rows(package)]
    chance = random.Random(200)
    chosen = [*chance.sample(told, 100), *chance.sample(others, 100)]
    expected = sum(verdict.status in BAD for one in chosen for _, verdict in reference.verdicts(one).values())
    found = [
        one
        for package in chosen
        for one in compare.differences(reference, package, said.get(compare.key(package), []), report["unknowns"])
    ]
    assert [] == found
    assert expected >= 100
