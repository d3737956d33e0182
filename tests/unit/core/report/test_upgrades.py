"""Vulnerabilities as upgrades that people make."""

import msgspec
import pytest

from answers import an_inventory
from tidewaiter.core.report.upgrades import split_counts, upgrades

ONE = an_inventory().facts.vulnerabilities[0]


def found(fixed, *, purl="pkg:pypi/django@4.2.1", severity="high", **more):
    """Return a vulnerability with some fields changed."""
    fields = {
        "id": f"CVE-{fixed}",
        "purl": purl,
        "source": "Django",
        "installed": "4.2.1",
        "fixed": fixed,
        "severity": severity,
    }
    return msgspec.structs.replace(ONE, **(fields | {"kev": False, "suppressed": "", "fix_needs": ""} | more))


@pytest.mark.parametrize(
    ("purl", "fixes", "highest"),
    [
        ("pkg:pypi/django@4.2.1", ("4.2.9", "4.2.30", "4.2.15"), "4.2.30"),
        ("pkg:deb/debian/openssl@3", ("3.0.9-1~deb12u1", "3.0.9-1"), "3.0.9-1"),
        ("pkg:maven/a/b@1", ("1.0-rc1", "1.0"), "1.0"),
        ("pkg:generic/x@1", ("1.9.0", "1.10.0"), "1.10.0"),
    ],
)
def test_one_upgrade_closes_all_that_have_a_fix(purl, fixes, highest):
    """It goes to the highest fix by the order of the ecosystem."""
    (one,) = upgrades([found(fix, purl=purl) for fix in fixes])
    assert (highest, len(fixes)) == (one.fixed, len(one.members))


def test_what_has_no_fix_or_needs_more_stands_alone():
    """No fix, and a fix behind a subscription, are told apart from a plain upgrade; suppressed ones are not told."""
    rows = upgrades(
        [found("2"), found(None), found("3", fix_needs="ubuntu-pro:esm-infra"), found("4", suppressed="vex")]
    )
    assert ["2", "3", None] == [one.fixed for one in rows]


def test_the_most_urgent_stands_first():
    """Exploited before severe before fixable."""
    rows = upgrades([
        found("2", source="a", severity="critical"), found("2", source="b", severity="low", kev=True),
        found(None, source="c", severity="critical"), found("2", source="d", severity="unknown"),
    ])  # fmt: skip
    assert ["b", "a", "c", "d"] == [one.name for one in rows]


def test_counts_are_split_by_origin():
    """Base first; suppressed ones do not count."""
    counts = split_counts(
        [found("1", origin="own"), found("2", origin="base"), found("3", origin="base", suppressed="x")]
    )
    assert (("base", (("high", 1),)), ("own", (("high", 1),))) == counts
