"""From OSV records to our records."""

from datetime import UTC, datetime

import msgspec
import pytest

from tidewaiter.core.vuln.osv import OsvReader, OsvRecord


def read(**fields):
    """Read a record with one id and the given fields."""
    record = msgspec.convert({"id": "GHSA-a", "modified": "2026-01-01T00:00:00Z", **fields}, OsvRecord)
    return OsvReader(feed="osv").read(record)


def affected(ecosystem="npm", name="left-pad", **fields):
    """Return one entry; a range below 1.0 unless the fields say otherwise."""
    events = [{"introduced": "0"}, {"fixed": "1.0"}]
    defaults = {} if fields else {"ranges": [{"type": "SEMVER", "events": events}]}
    return {"package": {"ecosystem": ecosystem, "name": name}, **defaults, **fields}


def open_range(start="0"):
    """Return a range without end."""
    return [{"type": "ECOSYSTEM", "events": [{"introduced": start}]}]


def intervals(result):
    """Return the intervals of the only record as text."""
    (record,) = result.records
    return [str(statement.interval) for statement in record.statements]


def test_bound_of_github_overrules_the_list_made_from_the_open_range():
    """`last_known_affected_version_range` bounds an open range; later versions in the list came from that range."""
    entry = affected(
        ranges=open_range("2.0.0"),
        versions=["2.6.0", "3.0.0"],
        database_specific={"last_known_affected_version_range": "< 3.0.0"},
    )
    assert [">= 2.0.0, < 3.0.0"] == intervals(read(affected=[entry]))


def test_versions_without_ranges():
    """An entry may list versions only; Git ranges are passed over."""
    entry = affected(versions=["1.0", "0.5"], ranges=[{"type": "GIT", "events": [{"introduced": "0"}]}])
    assert ["= 0.5", "= 1.0"] == intervals(read(affected=[entry]))


def test_withdrawn_says_only_that():
    """A withdrawn record stands, without statements, so that it takes back what an older copy said."""
    (record,) = read(withdrawn="2026-02-01T00:00:00Z", affected=[affected()]).records
    assert ("withdrawn", ()) == (record.kind, record.statements)


@pytest.mark.parametrize(
    ("identity", "fields", "expected"),
    [
        ("DEBIAN-CVE-2023-28322", {"upstream": ["CVE-2023-28322"]}, [("CVE-2023-28322", ("DEBIAN-CVE-2023-28322",))]),
        ("DSA-1-1", {"upstream": ["CVE-2023-0002", "DEBIAN-CVE-2023-0002", "CVE-2023-0001"]}, [("CVE-2023-0002", ()), ("CVE-2023-0001", ())]),
        ("DLA-4213-1", {}, [("DLA-4213-1", ())]),
        ("GHSA-a", {"aliases": ["CVE-2023-0001", "", "BIT-x"]}, [("GHSA-a", ("CVE-2023-0001", "BIT-x"))]),
        ("CGA-a", {"upstream": ["CVE-2023-0001", "GHSA-a"]}, [("CGA-a", ("CVE-2023-0001",))]),
        ("GHSA-a", {"related": ["CVE-2023-0001"], "aliases": None}, [("GHSA-a", ())]),
    ],
)  # fmt: skip
def test_names(identity, fields, expected):
    """A distribution's copy is the CVE, its notice is a group of CVEs, related ids are no aliases."""
    result = read(id=identity, affected=[affected("Debian:12", "curl")], **fields)
    assert expected == [(record.id, record.aliases) for record in result.records]


def test_debian_urgency_and_end_of_life():
    """The urgency is the vendor's severity; end of life is a status of what is open."""
    low = affected("Debian:12", "systemd", ranges=open_range(), ecosystem_specific={"urgency": "unimportant"})
    gone = affected("Debian:11", "dnsdist", ranges=open_range(), ecosystem_specific={"urgency": "end-of-life"})
    (record,) = read(id="DEBIAN-CVE-2023-1111", affected=[low, gone]).records
    assert [("12", "affected", "low"), ("11", "end_of_life", "")] == [
        (s.key.release, s.status.value, s.severity) for s in record.statements
    ]


def test_names_of_packages():
    """PyPI folds, npm and homoglyphs stay as they are."""
    names = {"PyPI": ["Foo._Bar", "dj\u0430ngo", "\u212aelvin"], "npm": ["JSONStream", "nether\u0435um"]}
    found = [
        read(affected=[affected(ecosystem, name)]).records[0].statements[0].key.name
        for ecosystem, several in names.items()
        for name in several
    ]
    assert ["foo-bar", "dj\u0430ngo", "\u212aelvin", "JSONStream", "nether\u0435um"] == found


def test_severity_of_every_level():
    """Vectors of the record and of its entries, the database's word, the class of malicious packages."""
    vector = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}
    entry = affected(severity=[vector], versions=["1"])
    (record,) = read(id="MAL-2025-1", affected=[entry], database_specific={"severity": "MODERATE"}).records
    assert ("malicious", "moderate", (vector["score"],)) == (record.kind, record.severity, record.vectors)


@pytest.mark.parametrize(
    ("fields", "problems", "skipped"),
    [
        ({"affected": None}, (), ("names no package",)),
        ({"affected": [{"ranges": open_range()}]}, (), ("names no package",)),
        ({"affected": [affected("Hackage", "a")]}, (), ("ecosystem Hackage cannot be matched yet",)),
        ({"affected": [affected("Debian", "curl")]}, (), ("Debian without release",)),
        ({"affected": [affected(ranges=[{"type": "SEMVER", "events": [{"fixed": "1"}]}])]}, ("a range without `introduced`",), ("no versions that can be compared",)),
        ({"id": " "}, ("no usable `id`",), ()),
    ],
)  # fmt: skip
def test_what_is_left_out_is_told(fields, problems, skipped):
    """Nothing vanishes: a record without use gives a reason."""
    result = read(**fields)
    assert ((), problems, skipped) == (result.records, result.problems, result.skipped)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-11-19T02:02:47.521414Z", "2025-11-19T02:02:47Z"),
        ("2025-11-19T04:02:47+02:00", "2025-11-19T02:02:47Z"),
        ("2025-11-19", "2025-11-19T00:00:00Z"),
        ("yesterday", ""),
    ],
)
def test_times_compare_as_texts(text, expected):
    """Times come in many forms and leave in one."""
    assert expected == msgspec.convert({"id": "a", "modified": text}, OsvRecord).time
    assert not expected or datetime.fromisoformat(expected).tzinfo == UTC


def test_ranges_that_cannot_be_written_need_review():
    """An open range of Go stands for the one in `custom_ranges`; a closed one means what it says."""
    wanted = {"custom_ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.9.0"}]}]}
    stand_in = affected("Go", "k8s.io/ingress-nginx", ranges=open_range(), ecosystem_specific=wanted)
    closed = [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]}]
    real = affected("Go", "k8s.io/ingress-nginx", ranges=closed, ecosystem_specific=wanted)
    (record,) = read(id="GO-2024-2428", affected=[stand_in, real]).records
    assert ["under_investigation", "affected"] == [statement.status.value for statement in record.statements]


def test_kubernetes_is_spelled_in_two_ways():
    """The feed of Kubernetes components writes its ecosystem in lower case."""
    (record,) = read(id="CVE-2018-1", affected=[affected("kubernetes", "k8s.io/kubelet", ranges=open_range())]).records
    assert "Kubernetes" == record.statements[0].key.ecosystem
