"""Facts of a notice become statements and records."""

from tidewaiter.core.vuln.advisory import PackageKey
from tidewaiter.scan.advisories.rows import Fact, fixed_in, joined, notice
from tidewaiter.scan.advisories.summary import by_module, severity_of, streams_of

KEY = PackageKey(ecosystem="Rocky Linux", release="9", name="a")


def fact(version, *arches, **more):
    """Return a fact about one package."""
    return Fact(key=KEY, interval=fixed_in(version), arches=arches, **more)


def test_architectures_are_joined():
    """Equal facts for several architectures are one statement; one for all of them holds for all."""
    (one,) = joined([fact("1", "x86_64"), fact("1", "aarch64")], "low")
    assert (("aarch64", "x86_64"), "low") == (one.qualifiers.arches, one.severity)
    for everywhere in (fact("1"), fact("1", "noarch")):
        (one,) = joined([fact("1", "x86_64"), everywhere, fact("1", "s390x")], "")
        assert () == one.qualifiers.arches
    assert 2 == len(joined([fact("1", "x86_64"), fact("2", "x86_64")], ""))
    assert "fips" == joined([fact("1-1_fips")], "")[0].qualifiers.flavour


def test_one_record_per_cve():
    """A notice is as many records as it has CVEs, and one of its own id without any."""
    statements = joined([fact("1")], "")
    found = list(notice(feed="f", record="N-1", cves=["B", "A", "B"], title="x" * 200, statements=statements))
    assert ["B", "A"] == [one.id for one in found]
    assert 160 == len(found[0].title)
    assert ["N-1"] == [one.id for one in notice(feed="f", record="N-1", cves=(), statements=statements)]


def test_summaries():
    """The first word is the severity, words with a colon are streams of modules."""
    assert ("moderate", "", "") == tuple(map(severity_of, ("Moderate: x", "nodejs:18 update", "")))
    both = "Important: virt:rhel and virt-devel:rhel security update"
    assert ("virt:rhel", "virt-devel:rhel") == streams_of(both)
    assert ("389-ds:1.4",) == streams_of("389-ds:1.4 bug fix update")
    statements = joined([fact("1.module_el8"), fact("2")], "")
    assert ["virt:rhel", "virt-devel:rhel", ""] == [
        one.qualifiers.module for one in by_module(statements, both, ecosystem="Rocky Linux")
    ]
    assert ["", ""] == [one.qualifiers.module for one in by_module(statements, "Low: x", ecosystem="Rocky Linux")]
    assert statements == by_module(statements, both, ecosystem="AlmaLinux")
