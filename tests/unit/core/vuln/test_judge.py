"""One version against the rows about its package."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisory_data import row
from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.judge import judge
from tidewaiter.core.vuln.rpm_order import BinaryOrder
from tidewaiter.core.vuln.versions import Keys, registry

DPKG, PEP440, SEMVER = (Keys(registry()[name]) for name in ("dpkg", "pep440", "semver"))
RPM = Keys(BinaryOrder(registry()["rpm"]))


def said(rows, version, keys=SEMVER, precedence=None):
    """Return (ids, status, fix) of each verdict."""
    return [(v.ids, v.status.value, v.fixed) for v in judge(rows, version, keys, precedence or {})]


def only(rows, version, keys=SEMVER):
    """Return status and fix of the only verdict."""
    ((_, status, fixed),) = said(rows, version, keys)
    return status, fixed


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.9", ("affected", "1.5")),
        ("1.5", ("fixed", "1.5")),
        ("1.9", ("fixed", "1.5")),
        ("2.0", ("affected", "2.4")),
        ("2.4", ("fixed", "2.4")),
        ("3.0", ("affected", None)),
        ("3.1", ("affected", None)),
        ("3.2", ("not_affected", None)),
    ],
)
def test_series_keep_their_own_fix(version, expected):
    """A version is closed by the fix of its own range; above a range that names no fix it is not "fixed"."""
    rows = [
        row("GHSA-a", fixed="1.5"),
        row("GHSA-a", lo="2.0", fixed="2.4"),
        row("GHSA-a", lo="3.0", hi="3.1", inclusive=True),
    ]
    assert expected == only(rows, version)
    assert expected == only(rows[::-1], version)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("11.module+el8.4.0+23209+5106d2ab.1", "fixed"),
        ("11.module+el8.4.0+23209+97efe810.1", "fixed"),
        ("11.module+el8.4.0+23229+35c4aba7.1", "fixed"),
        ("11.module+el8.4.0+23100+5106d2ab.1", "affected"),
        ("11.module+el8.3.0+23209+5106d2ab.1", "affected"),
        ("12.module+el8.6.0+23193+5106d2ab", "affected"),
    ],
)
def test_builds_of_one_module_update(version, expected):
    """Each build that an update of a module names is fixed, though another context was built later; not across minors."""
    ends = ("el8.4.0+23209+5106d2ab.1", "el8.4.0+23229+35c4aba7.1")
    rows = [row("CVE-2021-1", fixed=f"0:0.78-11.module+{end}") for end in ends]
    rows.append(row("CVE-2021-1", fixed="0:0.78-13.module+el8.6.0+23300+35c4aba7"))
    assert expected == only(rows if version.startswith("12") else rows[:2], f"0.78-{version}", RPM)[0]
    assert expected == only(rows[::-1] if version.startswith("12") else rows[1::-1], f"0.78-{version}", RPM)[0]


@pytest.mark.parametrize("notice", ["DLA-3942-1", "DSA-1-1", "USN-1-1"])
def test_notices_stand_behind_the_record_of_the_defect(notice):
    """A notice names the fix of its day; a feed's own record of the CVE follows what came after it."""
    rows = [
        row("CVE-2023-5678", record=notice, fixed="1.1.1n-0+deb11u6"),
        row("CVE-2023-5678", record="DEBIAN-CVE-2023-5678", fixed="1.1.1w-0+deb11u2"),
    ]
    for order in (rows, rows[::-1]):
        assert ("affected", "1.1.1w-0+deb11u2") == only(order, "1.1.1-1", DPKG)
        assert ("affected", "1.1.1w-0+deb11u2") == only(order, "1.1.1n-0+deb11u6", DPKG)
    assert ("affected", "1.1.1n-0+deb11u6") == only(rows[:1], "1.1.1-1", DPKG)


def test_below_every_range():
    """A version below the first range never had the defect."""
    assert ("not_affected", None) == only([row("GHSA-a", lo="2.0", fixed="2.4")], "1.0")


@pytest.mark.parametrize(
    "status", ["will_not_fix", "fix_deferred", "end_of_life", "affected", "not_affected", "unknown"]
)
def test_statements_need_no_comparison(status):
    """What the vendor says about every version holds whatever the version looks like."""
    assert (status, None) == only([row("CVE-2021-0001", status=Status(status))], "not a version", DPKG)


def test_joined_records_take_the_fix_that_closes_all():
    """Two databases disagree about the fix: what is to be installed must be fixed for both, or the next scan tells it again."""
    rows = [
        row("GHSA-a", fixed="2.0", aliases=("CVE-2021-0001",)),
        row("PYSEC-1", fixed="1.9", aliases=("CVE-2021-0001",)),
    ]
    assert [(("CVE-2021-0001", "GHSA-a", "PYSEC-1"), "affected", "2.0")] == said(rows, "1.0", PEP440)
    assert [(("CVE-2021-0001", "GHSA-a", "PYSEC-1"), "affected", "2.0")] == said(rows, "1.9.1", PEP440)
    assert "affected" not in {status for _, status, _ in said(rows, "2.0", PEP440)}


def test_the_believed_feed_decides():
    """Where two feeds speak of one id, the one with the lowest number is heard alone."""
    rows = [
        row("CVE-2021-0001", feed="osv", record="DEBIAN-CVE-2021-0001"),
        row("CVE-2021-0001", feed="debian-tracker", status=Status.NOT_AFFECTED),
        row("CVE-2021-0002", feed="osv", fixed="2"),
    ]
    numbers = {"debian-tracker": 0, "osv": 1}
    found = {ids[0]: status for ids, status, _ in said(rows, "1", DPKG, numbers)}
    assert {"CVE-2021-0001": "not_affected", "CVE-2021-0002": "affected"} == found


def test_a_refused_version_is_unknown():
    """A version outside its grammar is not compared, although the order has a place for it; a listed text is."""
    assert ("unknown", None) == only([row("GHSA-a", fixed="2.0")], "latest", SEMVER)
    rows = [row("GHSA-a", fixed="2.0"), row("GHSA-a", lo="latest", hi="latest", inclusive=True)]
    assert ("affected", None) == only(rows, "latest", SEMVER)


def test_a_refused_bound_is_unknown():
    """A bound outside the grammar leaves the record open, unless another of its rows applies."""
    broken = row("GHSA-a", lo="1.x", fixed="nonsense.0")
    assert ("unknown", None) == only([broken], "1.0", SEMVER)
    assert ("affected", "2.0") == only([broken, row("GHSA-a", fixed="2.0")], "1.0", SEMVER)
    assert ("unknown", None) == only([broken, row("GHSA-a", fixed="0.5")], "1.0", SEMVER)


bounds = st.sampled_from(["", "0.5", "1.0", "1.0-rc.1", "1.5", "2.0", "latest"])
rows_of = st.lists(
    st.builds(
        lambda name, lo, hi, fixed, inclusive, status, feed: row(
            name, lo=lo, hi=hi or None, fixed=fixed or None, inclusive=inclusive, status=status, feed=feed, aliases=("CVE-2021-0001",)
        ),
        st.sampled_from(["GHSA-a", "GHSA-b", "CVE-2021-0001", "CVE-2021-0003"]),
        bounds, bounds, bounds, st.booleans(),
        st.sampled_from([Status.AFFECTED, Status.WILL_NOT_FIX, Status.NOT_AFFECTED, Status.UNKNOWN]),
        st.sampled_from(["osv", "debian-tracker"]),
    ),
    max_size=6,
)  # fmt: skip


@given(rows=rows_of, version=bounds, data=st.data())
def test_order_of_rows_has_no_say(rows, version, data):
    """Any order of the same rows gives the same verdicts, and a fix is above the installed version."""
    shuffled = data.draw(st.permutations(rows))
    numbers = {"debian-tracker": 0, "osv": 1}
    found = judge(rows, version, SEMVER, numbers)
    again = judge(shuffled, version, SEMVER, numbers)
    assert [(v.ids, v.status, v.fixed, v.judgements[0].row) for v in found] == [
        (v.ids, v.status, v.fixed, v.judgements[0].row) for v in again
    ]
    for verdict in found:
        if verdict.status.is_vulnerable and verdict.fixed is not None and SEMVER.is_valid(version):
            assert SEMVER[verdict.fixed] > SEMVER[version]
