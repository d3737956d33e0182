"""Advisories that people write by hand, in the form in which they write them."""

from io import BytesIO
from typing import Any

import msgspec
import pytest

from tidewaiter.adapters.feeds import BUILTIN
from tidewaiter.core.vuln.advisory import Record
from tidewaiter.core.vuln.ranges import RangeError, registry
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import curated, day, inside, outside, short
from tidewaiter.scan.json_stream import JsonStreamError

RUBY = b"""---
gem: actionpack
library: rails
cve: 2012-1099
ghsa: 2xjj-5x6h-8vmf
osvdb: 79727
title: XSS
date: 2012-03-01
cvss_v2: 4.3
patched_versions:
  - ~> 3.0.12
  - ">= 3.2.2"
"""
PHP = b"""title: Session fixation
link: https://example.org
cve: ~
branches:
    2.3.x:
        time: 2014-07-15 10:00:00
        versions: ['>=2.3.0', '<2.3.18']
reference: composer://Symfony/Symfony
"""
RUST = b"""```toml
[advisory]
id = "RUSTSEC-2021-0003"
package = "smallvec"
date = 2021-01-08
aliases = ["CVE-2021-25900"]
[versions]
patched = [">= 0.6.14, < 1.0.0", ">= 1.6.1"]
unaffected = ["< 0.6.3"]
```

# Buffer overflow in SmallVec::insert_many

Text.
"""
VICTIMS = b"""---
cve: 2016-3720
title: XXE
cvss_v2: 7.5
affected:
    - groupId: com.fasterxml.jackson.dataformat
      artifactId: jackson-dataformat-xml
      version: ["<=2.7.3,2.7"]
      fixedin: [">=2.7.4,2.7"]
"""


def told(data: bytes) -> tuple[str, list[Any], list[str]]:
    """Return the feed that takes a document, what it says, and what it complains about."""
    feed = next(one for one in BUILTIN if one.accepts(data))
    notes = Notes("x")
    items = list(feed.read(BytesIO(data), notes))
    return feed.id, items, [str(one) for one in notes.problems]


@pytest.mark.parametrize(
    ("data", "feed", "identity", "title", "versions"),
    [
        (RUBY, "rubysec", "CVE-2012-1099", "XSS", ["< 3.0.12", ">= 3.1.A, < 3.2.2"]),
        (PHP, "friendsofphp", "friendsofphp/Symfony/Symfony/https://example.org", "Session fixation", [">= 2.3.0, < 2.3.18"]),
        (RUST, "rustsec", "RUSTSEC-2021-0003", "Buffer overflow in SmallVec::insert_many", [">= 0.6.3, < 0.6.14", ">= 1.0.0, < 1.6.1"]),
        (VICTIMS, "victims", "CVE-2016-3720", "XXE", [">= 2.7-alpha, <= 2.7.3"]),
    ],
)  # fmt: skip
def test_originals(data, feed, identity, title, versions):
    """The file of one advisory is recognised and read as its authors wrote it."""
    name, (record,), problems = told(data)
    assert isinstance(record, Record)
    assert (feed, []) == (name, problems)
    assert (identity, title) == (record.id, record.title)
    assert versions == [str(statement.interval) for statement in record.statements]


def test_dates_of_originals():
    """Days are days, however YAML and TOML write them."""
    assert "2012-03-01T00:00:00Z" == told(RUBY)[1][0].published
    assert "2021-01-08T00:00:00Z" == told(RUST)[1][0].published
    assert "2014-07-15T00:00:00Z" == told(PHP)[1][0].published


@pytest.mark.parametrize(
    "data",
    [
        RUBY.replace(b"- ~>", b"- ["),
        RUST.replace(b"package =", b"package"),
        RUST.replace(b"smallvec", b"\xff"),
        VICTIMS + b"x: " + b"[" * 500,
        b"gem: x\ntitle: " + b"y" * (2 << 20),
    ],
)
def test_broken_originals(data):
    """A file that is no YAML or TOML, or far too large for one advisory, is told as a whole."""
    with pytest.raises(DocumentError):
        told(data)


def test_empty_text():
    """A text without a document is told like a part of the wrong shape."""
    problems: list[str] = []
    parts = curated(
        BytesIO(b"# nothing\n"), msgspec.json.Decoder(dict[str, Any]), problem=lambda _, why: problems.append(why)
    )
    assert ([], 1) == ([*parts], len(problems))


def test_bounds(monkeypatch):
    """A text that is larger than any such database is refused before it is read."""
    monkeypatch.setattr("tidewaiter.scan.advisories.curated._LARGEST", 10)
    with pytest.raises(JsonStreamError, match="larger than 10 bytes"):
        list(curated(BytesIO(b"{" + b" " * 20), msgspec.json.Decoder(), problem=lambda *_: None))


def test_sets_of_versions():
    """Patched notes that are no range name no fix; a vulnerable one that is none is an error."""
    node = registry()["node"]
    assert ["<= 1.5.1"] == [str(one) for one in inside(node, ["<=1.5.1"], ["none"])]
    assert [("<= 1.5.1", "1.5.2")] == [(str(one), one.fixed) for one in inside(node, ["<=1.5.1"], [">=1.5.2"])]
    with pytest.raises(RangeError):
        inside(node, ["all of them"], None)
    assert ["every version"] == [str(one) for one in outside(node, None, None)]


@pytest.mark.parametrize(("text", "result"), [(None, ""), (" a \nb", "a"), ("x" * 200, "x" * 159 + "…")])
def test_titles(text, result):
    """The first line, cut."""
    assert result == short(text)


@pytest.mark.parametrize(
    ("text", "result"),
    [("2020-01-02", "2020-01-02T00:00:00Z"), ("2020-01-02 10:00", "2020-01-02T00:00:00Z"), ("soon", ""), (None, "")],
)
def test_days(text, result):
    """A date is the start of its day; anything else is none."""
    assert result == day(text)
