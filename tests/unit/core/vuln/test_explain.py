"""Why a package has a defect or not."""

import pytest

from advisory_data import BOOKWORM, NOW, MemoryAdvisories, deb, debian, row
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln import Feed, PackageKey, Qualifiers
from tidewaiter.core.vuln.explain import explain

CVE = "CVE-2024-0001"
ALMA = OperatingSystem(id="almalinux", version_id="8.10")


def told(packages, source, os=BOOKWORM, cve=CVE):
    """Explain a defect in packages."""
    return explain(cve, packages, os=os, advisories=source, now=NOW)


def alma(name="nodejs", release="8"):
    """Return the key of an rpm of AlmaLinux."""
    return PackageKey(ecosystem="AlmaLinux", release=release, name=name)


def test_a_match():
    """Row, interval, comparer, version, and what was passed over."""
    feeds = [Feed(id="debian-tracker", precedence=0), Feed(id="osv", precedence=1)]
    data = MemoryAdvisories(
        [
            (debian("openssl"), row(CVE, feed="debian-tracker", fixed="3.0.13-1")),
            (debian("openssl"), row(CVE, record="DEBIAN-CVE-2024-0001", fixed="3.0.12-1")),
            (debian("openssl", "11"), row(CVE, feed="debian-tracker", fixed="1.1.1n-0")),
        ],
        feeds=feeds,
    )
    (one,) = told([deb("libssl3", "3.0.11-1", source_name="openssl"), deb("curl", "8")], data)
    assert ("vulnerable", Status.AFFECTED, "3.0.13-1", True) == (one.verdict, one.status, one.fixed, one.counted)
    (heard,) = one.rows
    assert ("Debian:12 openssl", "< 3.0.13-1", "3.0.11-1", "dpkg", True) == (
        heard.place, heard.interval, heard.version, heard.comparer, heard.is_inside
    )  # fmt: skip
    assert ["another record is believed before it", "the row is for Debian:11"] == [miss.why for miss in one.misses]


@pytest.mark.parametrize(
    ("asked", "package", "why"),
    [
        ({"module": "nodejs:20"}, {"module": "nodejs:18"}, "another module stream"),
        ({"module": "nodejs:20"}, {}, "a module stream, and the package names none"),
        ({"arches": ("aarch64",)}, {}, "another architecture"),
    ],
)
def test_the_nearest_miss(asked, package, why):
    """A package that is not matched names the row that was nearest, and why it was not heard."""
    version = "18.1-1.module_el8.9.0+1+aaaaaaaa"
    found = row(CVE, fixed="20.1-1.module_el8.9.0+2+aaaaaaaa", qualifiers=Qualifiers(**asked))
    node = Package(type="rpm", name="nodejs", version=version, arch="x86_64", **package)
    (one,) = told([node], MemoryAdvisories([(alma(), found)]), os=ALMA)
    assert not one.counted
    if one.status is None:
        assert f"no row speaks of this build; nearest: the row is for {why}" == one.verdict
    assert [f"the row is for {why}"] == [miss.why for miss in one.misses]


def test_another_release_is_the_nearest():
    """Rows of another release only are misses."""
    (one,) = told([deb("x", "1")], MemoryAdvisories([(debian("x", "11"), row(CVE, fixed="2"))]))
    assert (None, "no row speaks of this build; nearest: the row is for Debian:11") == (one.status, one.verdict)


def test_just_outside():
    """A version above the fix is fixed, and the row shows that it lies outside."""
    (one,) = told([deb("x", "2")], MemoryAdvisories([(debian("x"), row(CVE, fixed="2"))]))
    assert ("fixed in the installed version", False) == (one.verdict, one.rows[0].is_inside)


def test_suppressed_and_third_party():
    """Headers are vulnerable and not counted; a foreign build was not compared at all."""
    data = MemoryAdvisories([(debian("linux"), row(CVE)), (debian("docker-ce"), row(CVE))])
    headers = deb("linux-libc-dev", "6.1", source_name="linux")
    docker = deb("docker-ce", "1", maintainer="Docker <support@docker.com>")
    first, second = told([headers, docker], data)
    assert "not matched: published by Docker, not by the distribution" == first.verdict
    assert ("affected, not counted: kernel-headers", "kernel-headers") == (second.verdict, second.suppressed)


def test_an_alias_finds_it_too():
    """Any id of the defect may be asked for; one that nobody knows finds nothing."""
    key = PackageKey(ecosystem="npm", name="express")
    data = MemoryAdvisories([(key, row("GHSA-a", fixed="5", aliases=(CVE,)))])
    package = Package(type="npm", name="express", version="4")
    assert 1 == len(told([package], data, os=None, cve="GHSA-a")) == len(told([package], data, os=None))
    assert () == told([package], data, os=None, cve="CVE-2024-9999")


def test_other_builds_of_a_module_were_not_heard():
    """The row of another context contains the version and did not decide: it stands among those that were not heard."""
    asked = Qualifiers(module="nodejs:18")
    fixes = [f"1:18.20.2-1.module_el8.9.0+{end}" for end in ("3700+11111111", "3800+22222222")]
    rows = [row(CVE, fixed=fix, qualifiers=asked) for fix in fixes]
    package = Package(type="rpm", name="nodejs", version=fixes[0], arch="x86_64", module="nodejs:18")
    (one,) = told([package], MemoryAdvisories([(alma(), one) for one in rows]), os=ALMA)
    assert (Status.FIXED, [f"< {fixes[0]}"]) == (one.status, [line.interval for line in one.rows])
    assert [(f"< {fixes[1]}", "the row is for another build of the installed update")] == [
        (line.interval, line.why) for line in one.misses
    ]
