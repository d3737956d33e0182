"""Independent documents about the same facts: two forms of RustSec, and published scores beside our own."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared import shared
from tidewaiter.adapters.documents import OpenDocument, open_documents
from tidewaiter.adapters.feeds import BUILTIN
from tidewaiter.core.vuln.advisory import Interval, Record
from tidewaiter.core.vuln.cvss import score
from tidewaiter.core.vuln.intervals import contains
from tidewaiter.core.vuln.versions import Keys, registry
from tidewaiter.ports.advisories import Notes

pytestmark = pytest.mark.corpus
MISTAKEN = ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H", 9.1)
"""CVE-2024-47177: by the formula of CVSS 3.1 the base score is 8.93, which rounds up to 9.0."""


def records(name: str) -> dict[str, Record]:
    """Return the records of a document by id."""
    found: dict[str, Record] = {}
    for document in open_documents(shared(name)):
        assert isinstance(document, OpenDocument)
        feed = next(one for one in BUILTIN if one.accepts(document.head()))
        found |= {item.id: item for item in feed.read(document.stream(), Notes(name)) if isinstance(item, Record)}
    return found


def affected(record: Record, crate: str) -> list[Interval]:
    """Return the intervals of one crate."""
    return [one.interval for one in record.statements if one.key.name == crate]


def test_rustsec_in_both_forms():
    """Requirements of Cargo give the same versions as the OSV file that RustSec makes from them."""
    keys = Keys(registry()["semver"])
    written, exported = records("advisories/rustsec.jsonl.gz"), records("advisories/crates-osv.jsonl.gz")
    both = sorted({*written} & {*exported})
    assert len(both) > 1100
    wrong = []
    for name in both:
        one, other = written[name], exported[name]
        crates = {statement.key.name for statement in (*one.statements, *other.statements)}
        ends = {
            end
            for statement in (*one.statements, *other.statements)
            for end in (statement.interval.lo, statement.interval.hi)
            if end
        }
        probes = {"0.0.0", "999.0.0", *ends, *(f"{end.partition('-')[0]}1" for end in ends)}
        wrong += [
            (name, crate, probe)
            for crate in crates
            for probe in probes
            if any(contains(interval, probe, keys) for interval in affected(one, crate))
            != any(contains(interval, probe, keys) for interval in affected(other, crate))
        ]
        assert one.kind == other.kind, name
    assert not wrong


def published(value: Any) -> Iterator[tuple[str, float]]:
    """Yield (vector, score) wherever a document gives both."""
    if isinstance(value, dict):
        vector, base = value.get("vectorString"), value.get("baseScore")
        if isinstance(vector, str) and isinstance(base, int | float):
            yield vector, float(base)
        for part in value.values():
            yield from published(part)
    elif isinstance(value, list):
        for part in value:
            yield from published(part)


@pytest.mark.parametrize("folder", ["feeds/nvd", "feeds/cve5", "feeds/vulnrichment"])
def test_scores_are_the_published_ones(folder):
    """Every score that is published beside its vector is the one that we compute, but one that is wrong."""
    found: list[tuple[str, float]] = []
    for document in open_documents(shared(folder)):
        assert isinstance(document, OpenDocument)
        found += (pair for pair in published(json.loads(document.stream().read())) if pair != MISTAKEN)
    assert len(found) > 8
    ours = [(vector, score(vector)) for vector, _ in found]
    assert found == [(vector, one.score if one is not None else -1.0) for vector, one in ours]
