"""What counts as a change between two images."""

import msgspec

from answers import an_inventory
from tidewaiter.core.report.difference import PackageChange, difference


def changed(facts, **fields):
    """Return facts with some fields replaced."""
    return msgspec.structs.replace(facts, **fields)


FACTS = an_inventory().facts


def test_an_image_does_not_differ_from_itself():
    """Nothing came, nothing went; all vulnerabilities that count stayed."""
    found = difference(FACTS, FACTS)
    assert ((), (), (), 3, 2) == (found.packages, found.gone, found.new, found.stayed, found.shared_layers)


def test_an_upgrade_closes_what_it_closes():
    """A package with another version is one change; its vulnerabilities are gone, the worst first."""
    log4j = next(one for one in FACTS.packages if one.type == "maven")
    newer = changed(log4j, version="2.17.1", purl=log4j.purl.replace("2.14.1", "2.17.1"))
    after = changed(
        FACTS,
        packages=tuple(newer if one is log4j else one for one in FACTS.packages),
        vulnerabilities=tuple(one for one in FACTS.vulnerabilities if one.id != "CVE-2021-44228"),
        layers=FACTS.layers[:1],
    )
    found = difference(FACTS, after)
    assert (PackageChange(type="maven", name=log4j.name, before=("2.14.1",), after=("2.17.1",)),) == found.packages
    assert ["CVE-2021-44228"] == [one.id for one in found.gone]
    assert () == found.new
    assert (1, (2, 1)) == (found.shared_layers, found.layers)
    back = difference(after, FACTS)
    assert ["CVE-2021-44228"] == [one.id for one in back.new]


def test_another_place_or_version_is_the_same_vulnerability():
    """A package that moved, or was upgraded without closing it, keeps its vulnerability."""
    moved = tuple(changed(one, path="elsewhere", installed="0") for one in FACTS.vulnerabilities)
    found = difference(FACTS, changed(FACTS, vulnerabilities=moved))
    assert ((), (), 3) == (found.gone, found.new, found.stayed)


def test_suppressed_ones_do_not_count():
    """One that is suppressed in the second image is gone there."""
    silent = tuple(changed(one, suppressed="vex") for one in FACTS.vulnerabilities)
    found = difference(FACTS, changed(FACTS, vulnerabilities=silent))
    assert (3, 0) == (len(found.gone), found.stayed)


def test_credentials_and_tools_are_compared():
    """What leaks or lies about only in one of them is named."""
    clean = changed(FACTS, credentials=(), tools=())
    assert ("curl (network-client): usr/bin/curl",) == difference(FACTS, clean).gone_tools
    assert 1 == len(difference(clean, FACTS).new_credentials)
