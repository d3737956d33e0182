"""Packages against advisory data in memory."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisory_data import BOOKWORM, NOW, MemoryAdvisories, deb, debian, row
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln import Exploitation, Feed, Opinion, PackageKey, Qualifiers, match_packages
from tidewaiter.core.vuln.cvss import score

NPM = PackageKey(ecosystem="npm", name="express")
EXPRESS = Package(type="npm", name="express", version="4.0.0")
VECTOR = score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H")


def match(packages, source, os=BOOKWORM, now=NOW):
    """Match packages against a source."""
    return match_packages(packages, os=os, advisories=source, now=now)


def test_source_package_and_source_version():
    """A binary package is compared by its source package and that one's version; every binary is told."""
    data = MemoryAdvisories([(debian("openssl"), row("CVE-2024-0001", fixed="3.0.13-1~deb12u1"))])
    old = deb("libssl3", "3.0.11-1+b2", source_name="openssl", source_version="3.0.11-1")
    new = deb("openssl", "3.0.13-1~deb12u1")
    (found,) = match([old, new], data).vulnerabilities
    assert ("CVE-2024-0001", "libssl3", "3.0.13-1~deb12u1") == (found.id, found.package.name, found.fixed)
    assert "source openssl 3.0.11-1 < 3.0.13-1~deb12u1 (dpkg; osv CVE-2024-0001)" == found.match


def test_undetermined_is_shown_but_not_counted():
    """What the vendor leaves open is never clean and never a finding."""
    data = MemoryAdvisories([(debian("x"), row("CVE-2024-0001", status=Status.UNKNOWN))])
    (found,) = match([deb("x", "1")], data).vulnerabilities
    assert (Status.UNKNOWN, "unknown: the feed leaves it open") == (found.status, found.suppressed)


def test_kernel_headers_are_kept_and_suppressed():
    """Headers hold no running code; the match stays visible."""
    data = MemoryAdvisories([(debian("linux"), row("CVE-2024-0001"))])
    (found,) = match([deb("linux-libc-dev", "6.1", source_name="linux")], data).vulnerabilities
    assert "kernel-headers" == found.suppressed


def test_exploitation_by_any_alias():
    """KEV and EPSS are joined through the CVE among the aliases."""
    known = Exploitation(
        cve="CVE-2024-0001", kev=True, kev_due="2024-02-01", kev_ransomware=True, epss=0.5, epss_percentile=0.9
    )
    data = MemoryAdvisories([(NPM, row("GHSA-a", aliases=("CVE-2024-0001",)))], exploitation=[known])
    (found,) = match([EXPRESS], data, os=None).vulnerabilities
    assert ("CVE-2024-0001", ("GHSA-a",)) == (found.id, found.aliases)
    assert (True, "2024-02-01", True, 0.5, 0.9) == (found.kev, found.kev_due, found.kev_ransomware, found.epss, found.epss_percentile)  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "opinions", "expected"),
    [
        ({"vendor_severity": "low", "cvss": VECTOR}, (), ("low", "vendor osv", 10.0)),
        ({"cvss": VECTOR, "database_severity": "low"}, (), ("critical", "cvss 3.1 GHSA-a", 10.0)),
        ({"database_severity": "moderate"}, (), ("medium", "database GHSA-a", None)),
        (
            {},
            [Opinion(feed="osv", record="GHSA-b", ids=("GHSA-a",), cvss=VECTOR)],
            ("critical", "cvss 3.1 GHSA-b", 10.0),
        ),
        (
            {},
            [Opinion(feed="osv", record="GHSA-b", ids=("GHSA-a",), severity="high")],
            ("high", "database GHSA-b", None),
        ),
        ({"kind": "malicious", "vendor_severity": "low"}, (), ("critical", "malicious", None)),
        ({"vendor_severity": "odd"}, (), ("unknown", "", None)),
    ],
)
def test_severity(fields, opinions, expected):
    """The vendor, then the vector, then the database's word, then other records of the same defect."""
    data = MemoryAdvisories([(NPM, row("GHSA-a", **fields))], opinions=opinions)
    (found,) = match([EXPRESS], data, os=None).vulnerabilities
    assert expected == (found.severity.value, found.severity_source, found.cvss)


def test_a_record_of_another_package_brings_the_cve():
    """Our record knows only the GHSA id; one of another package knows which CVE that is."""
    opinion = Opinion(feed="osv", record="GHSA-a", ids=("GHSA-a", "CVE-2024-0001"))
    data = MemoryAdvisories([(NPM, row("GHSA-a"))], opinions=[opinion], exploitation=[Exploitation(cve="CVE-2024-0001", kev=True)])  # fmt: skip
    (found,) = match([EXPRESS], data, os=None).vulnerabilities
    assert ("CVE-2024-0001", True) == (found.id, found.kev)


def test_no_data_is_never_clean():
    """An ecosystem, a system or a system without packages that no feed covers is missing and incomplete."""
    data = MemoryAdvisories([(NPM, row("GHSA-a"))])
    trixie = OperatingSystem(id="debian", version_id="13")
    packages = [
        deb("x", "1"),
        Package(type="pypi", name="y", version="1"),
        Package(type="maven", name="a:b", version="1"),
    ]
    matches = match(packages, data, os=trixie)
    assert ("Debian:13", "Maven", "PyPI") == matches.coverage.missing
    assert {"Debian:13", "Maven", "PyPI"} == {unknown.subject for unknown in matches.unknowns if unknown.incomplete}
    assert ("Alpine:3.20",) == match([], data, os=OperatingSystem(id="alpine", version_id="3.20")).coverage.missing
    assert ("deb packages",) == match([deb("x", "1")], data, os=None).coverage.missing
    assert () == match([EXPRESS], data, os=None).coverage.missing


def test_malicious_packages_alone_cover_nothing():
    """A list of packages made to do harm says nothing about vulnerabilities: what it finds is told, and that it is alone."""
    key = PackageKey(ecosystem="npm", name="express")
    bad = row("MAL-2025-1", feed="malicious-packages", lo="4.0.0", hi="4.0.0", inclusive=True, kind="malicious")
    alone = match([EXPRESS], MemoryAdvisories([(key, bad)]), os=None)
    assert (("npm",), ["MAL-2025-1"]) == (alone.coverage.missing, [one.id for one in alone.vulnerabilities])
    both = MemoryAdvisories([(key, bad), (key, row("GHSA-a", fixed="4.5.0"))])
    assert () == match([EXPRESS], both, os=None).coverage.missing


def test_distro_of_the_package_stands_in_for_os_release():
    """An inventory without os-release may name the distribution at each package."""
    data = MemoryAdvisories([(debian("x"), row("CVE-2024-0001"))])
    assert 1 == len(match([deb("x", "1", distro="debian-12")], data, os=None).vulnerabilities)


def test_refused_version_is_one_unknown_per_package():
    """A version outside its grammar gives one incomplete Unknown that names the advisories."""
    data = MemoryAdvisories([(NPM, row(f"GHSA-{letter}", fixed="5")) for letter in "abcdefg"])
    matches = match([Package(type="npm", name="express", version="latest")], data, os=None)
    assert () == matches.vulnerabilities
    (unknown,) = matches.unknowns
    assert unknown.incomplete
    assert "not compared: GHSA-a, GHSA-b, GHSA-c, GHSA-d, GHSA-e and 2 more" in unknown.reason


def test_third_parties_are_not_clean():
    """A foreign publisher's package is not compared with the distribution's data, and that is said."""
    data = MemoryAdvisories([(debian("nodejs"), row("CVE-2024-0001")), (debian("curl"), row("CVE-2024-0002"))])
    node = deb("nodejs", "20.1.0-1nodesource1", maintainer="NodeSource <x@nodesource.com>")
    docker = deb("docker-ce", "5:25", maintainer="Docker <support@docker.com>")
    private = deb("curl", "1", maintainer="Alessandro <ghedo@example.net>")
    unheard = deb("tool", "1", maintainer="Someone <someone@example.com>")
    official = deb("other", "1", maintainer="Someone <someone@debian.org>")
    matches = match([node, docker, private, unheard, official], data)
    assert ["curl"] == [found.package.name for found in matches.vulnerabilities]
    assert {"nodejs", "docker-ce", "tool"} == {unknown.subject for unknown in matches.unknowns}
    assert not any(unknown.incomplete for unknown in matches.unknowns)


def test_a_source_known_in_another_release_is_the_distributions():
    """Data of any release that mentions the source shows that the distribution has it."""
    data = MemoryAdvisories([(debian("curl"), row("CVE-2024-0002"))], sources={"tool"})
    unheard = deb("tool", "1", maintainer="Someone <someone@example.com>")
    assert () == match([unheard], data).unknowns


OWNER = deb("python3-django", "3:3.2.19-1+deb12u1", source_name="python-django")
DJANGO = Package(type="pypi", name="Django", version="3.2.19", owner="python3-django")
UPSTREAM = (PackageKey(ecosystem="PyPI", name="django"), row("GHSA-d", fixed="3.2.20", aliases=("CVE-2023-36053",)))


def owned(vendor_rows):
    """Match a Python package that an OS package owns; return (by type, all ids of the OS finding)."""
    data = MemoryAdvisories([UPSTREAM, *vendor_rows, (debian("x"), row("CVE-1999-0001"))])
    return {found.package.type: found for found in match([OWNER, DJANGO], data).vulnerabilities}


def test_vendor_fixed_covers_upstream():
    """The distribution's fix covers the upstream finding, which stays visible."""
    found = owned([(debian("python-django"), row("CVE-2023-36053", fixed="3:3.2.19-1+deb12u1"))])
    assert ["pypi"] == list(found)
    assert found["pypi"].suppressed == (
        "covered by vendor: fixed since 3:3.2.19-1+deb12u1 in python3-django 3:3.2.19-1+deb12u1"
    )


def test_vendor_affected_is_one_finding_with_both_ids():
    """The distribution's own finding stands for both and carries all ids."""
    found = owned([(debian("python-django"), row("CVE-2023-36053", status=Status.WILL_NOT_FIX))])
    assert "" == found["deb"].suppressed
    assert (Status.WILL_NOT_FIX, "CVE-2023-36053", ("GHSA-d",)) == (
        found["deb"].status,
        found["deb"].id,
        found["deb"].aliases,
    )
    assert found["pypi"].suppressed.startswith("covered by vendor: will_not_fix, reported for python3-django")


@pytest.mark.parametrize("vendor", [[], [(debian("python-django"), row("CVE-2023-36053", status=Status.UNKNOWN))]])
def test_vendor_silent_keeps_upstream(vendor):
    """A distribution that says nothing, or leaves it open, covers nothing; the finding is marked."""
    found = owned(vendor)["pypi"]
    assert "" == found.suppressed
    assert found.match.endswith("; owned by OS package python3-django, whose distribution says nothing about it")


def test_malicious_code_is_never_covered():
    """No vendor's word covers malicious code."""
    bad = (PackageKey(ecosystem="PyPI", name="django"), row("MAL-1", aliases=("CVE-2023-36053",), kind="malicious"))
    data = MemoryAdvisories([bad, (debian("python-django"), row("CVE-2023-36053", status=Status.NOT_AFFECTED))])
    (found,) = match([OWNER, DJANGO], data).vulnerabilities
    assert ("malicious", Severity.CRITICAL, "") == (found.kind, found.severity, found.suppressed)


def test_names_are_compared_exactly():
    """npm names keep their case, PyPI names fold, a homoglyph is another package."""
    data = MemoryAdvisories(
        [
            (PackageKey(ecosystem="npm", name="JSONStream"), row("MAL-1")),
            (PackageKey(ecosystem="PyPI", name="foo-bar"), row("MAL-2")),
            (PackageKey(ecosystem="PyPI", name="netherum"), row("MAL-3")),
        ]
    )
    names = [("npm", "jsonstream"), ("npm", "JSONStream"), ("pypi", "Foo._Bar"), ("pypi", "neth\u0435rum")]
    found = match([Package(type=kind, name=name, version="1") for kind, name in names], data, os=None)
    assert {"JSONStream", "Foo._Bar"} == {one.package.name for one in found.vulnerabilities}


def test_age_is_that_of_the_stalest_place():
    """A fresh feed for one ecosystem does not make the data about another one fresh; nothing is judged stale here."""
    feeds = [
        Feed(id="osv", taken="2026-11-25T06:00:00Z"),
        Feed(id="old", taken="2026-11-20T12:00:00Z", fixes_only=True),
    ]
    data = MemoryAdvisories([(NPM, row("GHSA-a")), (debian("x"), row("CVE-2024-0001", feed="old"))], feeds=feeds)
    coverage = match([EXPRESS, deb("x", "1")], data).coverage
    assert (120.0, ("Debian:12",)) == (coverage.age_hours, coverage.fixes_only)
    assert 6.0 == match([EXPRESS], data, os=None).coverage.age_hours
    assert 0.0 == match([EXPRESS], data, os=None, now=NOW - timedelta(days=1)).coverage.age_hours


def test_same_package_twice():
    """The very same package counts once, the same package at another place is told again."""
    data = MemoryAdvisories([(NPM, row("GHSA-a"))])
    here, there = (Package(type="npm", name="express", version="1.0.0", location=Location(file=name)) for name in "ab")
    assert ["a", "b"] == [
        found.package.location.file for found in match([there, here, here], data, os=None).vulnerabilities
    ]


@pytest.mark.parametrize(
    ("kind", "system", "key"),
    [
        ("apk", OperatingSystem(id="alpine", version_id="3.20.3"), PackageKey(ecosystem="Alpine", release="3.20", name="py3-x")),
        ("rpm", OperatingSystem(id="rhel", version_id="9.4"), PackageKey(ecosystem="Red Hat", release="9", name="py3-x")),
    ],
)  # fmt: skip
def test_language_packages_of_every_distribution(kind, system, key):
    """What the distribution says of the owner, never affected included, covers the upstream finding."""
    upstream = (PackageKey(ecosystem="PyPI", name="x"), row("GHSA-a", aliases=("CVE-2024-0001",), fixed="9"))
    owner = Package(type=kind, name="py3-x", version="1-r0")
    module = Package(type="pypi", name="x", version="1", owner="py3-x")
    data = MemoryAdvisories([upstream, (key, row("CVE-2024-0001", status=Status.NOT_AFFECTED))])
    (found,) = match([owner, module], data, os=system).vulnerabilities
    assert "covered by vendor: not_affected in py3-x 1-r0" == found.suppressed


def test_signed_kernels():
    """A signed image is matched as the kernel that was signed, flavour by flavour."""
    ubuntu = OperatingSystem(id="ubuntu", version_id="22.04")
    aws = PackageKey(ecosystem="Ubuntu", release="22.04", name="linux-aws")
    data = MemoryAdvisories([(debian("linux"), row("CVE-2024-0001", fixed="6.1.90-1")), (aws, row("CVE-2024-0002"))])
    old = deb("linux-image-6.1.0-18-amd64", "6.1.76-1", source_name="linux-signed-amd64", source_version="6.1.76+1")
    new = deb("linux-image-6.1.0-21-amd64", "6.1.90-1", source_name="linux-signed-amd64", source_version="6.1.90+1")
    assert ["6.1.76-1"] == [one.package.version for one in match([old, new], data).vulnerabilities]
    flavour = deb("linux-image-5.15.0-1-aws", "5.15.0-1.1", source_name="linux-signed-aws")
    plain = deb("linux-image-5.15.0-1-generic", "5.15.0-1.1", source_name="linux-signed")
    assert [flavour.name] == [one.package.name for one in match([flavour, plain], data, os=ubuntu).vulnerabilities]


def test_rpms_by_binary_and_source():
    """An rpm hears rows of its own name before those of its source; the fix is written without an epoch of 0."""
    own, source = (PackageKey(ecosystem="Red Hat", release="9", name=name) for name in ("tool-libs", "tool.src"))
    data = MemoryAdvisories(
        [
            (own, row("CVE-2024-0001", fixed="0:2-1")),
            (source, row("CVE-2024-0001", status=Status.WILL_NOT_FIX)),
            (source, row("CVE-2024-0002", fixed="4:2-1")),
        ]
    )
    package = Package(type="rpm", name="tool-libs", version="1-1", source_name="tool", maintainer="Red Hat, Inc.")
    system = OperatingSystem(id="rhel", version_id="9.4")
    first, second = match([package], data, os=system).vulnerabilities
    assert ("CVE-2024-0001", Status.AFFECTED, "2-1") == (first.id, first.status, first.fixed)
    assert "source tool 1-1 < 4:2-1 (rpm; osv CVE-2024-0002)" == second.match


def test_foreign_rpms_are_not_matched():
    """The vendor tells who built an rpm; Amazon may leave it out where the release says amzn."""
    key = PackageKey(ecosystem="Amazon Linux", release="2", name="tool")
    data = MemoryAdvisories([(key, row("CVE-2024-0001", fixed="9-1"))])
    system = OperatingSystem(id="amzn", version_id="2")
    versions = [("1-1.amzn2", "Amazon Linux"), ("1-2.amzn2", ""), ("1-1.el7", "Fedora Project"), ("1-1", "")]
    packages = [Package(type="rpm", name="tool", version=version, maintainer=vendor) for version, vendor in versions]
    found = match(packages, data, os=system)
    assert ["1-1.amzn2", "1-2.amzn2"] == [one.package.version for one in found.vulnerabilities]
    assert 2 == sum("no advisory source" in unknown.reason for unknown in found.unknowns)


@pytest.mark.parametrize(
    ("repositories", "expected"),
    [
        (("cpe:/o:redhat:rhel_eus:9.4::baseos", "cpe:/a:redhat:rhel_eus:9.4::appstream"), ["Red Hat:9.4"]),
        (("cpe:/o:redhat:rhel_eus:9.4::baseos", "cpe:/o:redhat:enterprise_linux:9::baseos"), []),
        ((), []),
    ],
)
def test_extended_updates_alone_are_told(repositories, expected):
    """Open defects stand under the release itself: an image with extended updates alone is not silently clean."""
    system = OperatingSystem(id="rhel", version_id="9.4", repositories=repositories)
    key = PackageKey(ecosystem="Red Hat", release="9", name="libssh")
    data = MemoryAdvisories([(key, row("CVE-2026-0968"))])
    told = [one for one in match([], data, os=system).unknowns if "extended" in one.reason or "rhel_eus" in one.reason]
    assert (expected, True) == ([one.subject for one in told], not any(one.incomplete for one in told))


def test_one_defect_under_two_names_is_told_once():
    """A list names a defect as CVE and as GHSA; another record says that they are one."""
    key = PackageKey(ecosystem="Wolfi", name="tool")
    rows = [(key, row("CVE-2024-0001", fixed="2-r0")), (key, row("GHSA-a", fixed="2-r0"))]
    opinion = Opinion(feed="osv", record="GHSA-a", ids=("GHSA-a", "CVE-2024-0001"))
    package = Package(type="apk", name="tool", version="1-r0")
    data = MemoryAdvisories(rows, opinions=[opinion])
    (found,) = match([package], data, os=OperatingSystem(id="wolfi", version_id="2")).vulnerabilities
    assert ("CVE-2024-0001", ("GHSA-a",)) == (found.id, found.aliases)


def test_go_programs_without_version():
    """What does not know its own version is told and not compared; its modules are compared."""
    module = PackageKey(ecosystem="Go", name="example.com/x")
    data = MemoryAdvisories([(module, row("GO-2024-1", fixed="2.0.0"))])
    main = Package(type="golang", name="example.com/x", version="(devel)", is_main=True)
    used = Package(type="golang", name="example.com/x", version="v1.0.0")
    found = match([main, used], data, os=None)
    assert ["v1.0.0"] == [one.package.version for one in found.vulnerabilities]
    assert ["example.com/x"] == [one.subject for one in found.unknowns]


def test_a_module_that_nobody_tells_is_an_open_question():
    """A modular rpm without label is told as incomplete, never as clean."""
    key = PackageKey(ecosystem="AlmaLinux", release="8", name="nodejs")
    fixed = "1:18.20.2-1.module_el8.9.0+3801+7b6bd60d"
    data = MemoryAdvisories([(key, row("CVE-2024-0001", fixed=fixed, qualifiers=Qualifiers(module="nodejs:18")))])
    package = Package(type="rpm", name="nodejs", version="1:16.1-1.module_el8.9.0+3000+aaaaaaaa")
    (unknown,) = match([package], data, os=OperatingSystem(id="almalinux", version_id="8.10")).unknowns
    assert (True, True) == (unknown.incomplete, "whose stream is not told" in unknown.reason)


ROWS = [
    UPSTREAM,
    (debian("python-django"), row("CVE-2023-36053", status=Status.WILL_NOT_FIX)),
    (debian("curl"), row("CVE-2024-0002", fixed="8", feed="debian-tracker")),
    (debian("curl"), row("CVE-2024-0002", fixed="9")),
    (debian("curl"), row("CVE-2024-0003", status=Status.UNKNOWN)),
    (NPM, row("GHSA-a", fixed="5.0.0", aliases=("CVE-2024-0009",))),
    (NPM, row("GHSA-b", fixed="4.5.0", aliases=("CVE-2024-0009",))),
    (NPM, row("MAL-1", kind="malicious")),
]
PACKAGES = [
    OWNER,
    DJANGO,
    EXPRESS,
    deb("curl", "7"),
    deb("libcurl4", "7", source_name="curl"),
    deb("docker-ce", "1", maintainer="docker.com"),
]


@given(rows=st.permutations(ROWS), packages=st.permutations(PACKAGES))
def test_order_changes_nothing(rows, packages):
    """Any order of packages and rows gives the same answer, in the same order."""
    assert match(PACKAGES, MemoryAdvisories(ROWS)) == match(packages, MemoryAdvisories(rows))
