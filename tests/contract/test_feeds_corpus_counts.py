"""Documents of languages and of CVE data in the shared folders: who reads them, how much they give, what is told."""

from collections import Counter

import pytest

from shared import shared
from tidewaiter.adapters.documents import OpenDocument, open_documents
from tidewaiter.adapters.feeds import BUILTIN
from tidewaiter.core.vuln.advisory import Record
from tidewaiter.ports.advisories import Notes

pytestmark = pytest.mark.corpus

# (path, feed): documents, records, statements, problems, and what is left out.
COUNTS = {
    ("advisories/bitnami-osv.jsonl.gz", "bitnami-vulndb"): (1, 7444, 19622, 0, {}),
    ("advisories/crates-osv.jsonl.gz", "osv"): (1, 1206, 1448, 0, {"withdrawn": 13}),
    ("advisories/ghsa-npm-maven-osv.jsonl.gz", "osv"): (1, 594, 1453, 0, {}),
    ("advisories/go-osv.jsonl.gz", "go-vulndb"): (1, 4291, 7560, 0, {"withdrawn": 17}),
    ("advisories/k8s-feed.jsonl.gz", "kubernetes-feed"): (1, 44, 143, 0, {}),
    ("advisories/maven-victims.jsonl.gz", "victims"): (1, 218, 418, 0, {}),
    ("advisories/node-core-security-wg.jsonl.gz", "nodejs-core"): (
        1,
        354,
        932,
        0,
        {"only on systems without containers of their own": 18},
    ),
    ("advisories/npm-retirejs.jsonl.gz", "retirejs"): (1, 800, 936, 4, {"a library that is no package of npm": 49}),
    ("advisories/npm-security-wg.jsonl.gz", "npm-security-wg"): (1, 477, 508, 0, {}),
    ("advisories/packagist-friendsofphp.jsonl.gz", "friendsofphp"): (1, 1592, 3506, 0, {}),
    ("advisories/pypi-osv.jsonl.gz", "osv"): (
        1,
        7069,
        10626,
        0,
        {"withdrawn": 269, "no versions that can be compared": 11},
    ),
    ("advisories/rubygems-rubysec.jsonl.gz", "rubysec"): (1, 1234, 1955, 0, {}),
    ("advisories/rustsec.jsonl.gz", "rustsec"): (
        1,
        1205,
        1447,
        0,
        {"withdrawn": 13, "about Rust itself, not about a crate": 20},
    ),
    ("advisories/vulnrichment-compact.jsonl.gz", "vulnrichment"): (
        1,
        33519,
        0,
        0,
        {"no CVSS vector and no weakness": 10507},
    ),
    ("feeds/cve5", "cve-records"): (14, 11, 0, 0, {"neither score nor weakness yet": 3, "rejected": 1}),
    ("feeds/ghsa", "osv"): (44, 1083, 2850, 0, {"names no package": 5, "withdrawn": 52}),
    ("feeds/malicious", "malicious-packages"): (2, 200, 414, 0, {}),
    ("feeds/nvd", "nvd"): (14, 50, 0, 0, {"neither score nor weakness yet": 6, "rejected": 1}),
    ("feeds/osv-export", "osv"): (12, 12, 29, 0, {"no versions that can be compared": 1}),
    ("feeds/osv-export", "malicious-packages"): (1, 1, 1, 0, {}),
    ("feeds/osv-export", "rocky-osv"): (2, 3, 3, 0, {}),
    ("feeds/vulnrichment", "cve-records"): (103, 81, 0, 0, {"rejected": 2, "neither score nor weakness yet": 22}),
}


def count(name: str) -> dict[str, tuple[int, int, int, int, dict[str, int]]]:
    """Return the figures per feed that reads documents of a path, each document to its end."""
    figures: dict[str, Counter[str]] = {}
    skipped: dict[str, Counter[str]] = {}
    for document in open_documents(shared(name)):
        assert isinstance(document, OpenDocument), str(document)
        head = document.head()
        feed = next((one for one in BUILTIN if one.accepts(head)), None)
        if feed is None:
            continue
        notes = Notes(name)
        mine = figures.setdefault(feed.id, Counter())
        for item in feed.read(document.stream(), notes):
            mine["items"] += 1
            mine["statements"] += len(item.statements) if isinstance(item, Record) else 0
        mine["documents"] += 1
        mine["problems"] += notes.problem_count
        skipped.setdefault(feed.id, Counter()).update(notes.skipped)
    names = ("documents", "items", "statements", "problems")
    return {feed: (*(mine[one] for one in names), dict(skipped[feed])) for feed, mine in figures.items()}


@pytest.mark.parametrize("name", sorted({path for path, _ in COUNTS}))
def test_figures(name):
    """Every document is read to its end by its own feed, and gives what it has always given."""
    assert {feed: figures for (path, feed), figures in COUNTS.items() if path == name} == count(name)
