"""Records that mean the same defect."""

from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.vuln.aliases import cve_number, join, ranked

names = st.lists(
    st.sampled_from(["CVE-2021-1", "CVE-2021-0002", "GHSA-a", "GHSA-b", "PYSEC-1", "MAL-1"]), min_size=1, max_size=3
)


def test_chains_are_joined():
    """Two records that share no id are one defect when a third one names both."""
    items = [(("GHSA-a",), 1), (("PYSEC-1", "CVE-2021-0001"), 2), (("X-1",), 3), (("GHSA-a", "PYSEC-1"), 4)]
    assert [(("GHSA-a", "PYSEC-1", "CVE-2021-0001"), [1, 2, 4]), (("X-1",), [3])] == join(items)


@given(items=st.lists(names, max_size=8), data=st.data())
def test_groups_do_not_depend_on_order(items, data):
    """Any order of records gives the same groups of ids, and no id is in two groups."""
    shuffled = data.draw(st.permutations(items))
    groups = [frozenset(group) for group, _ in join([(tuple(item), None) for item in items])]
    again = [frozenset(group) for group, _ in join([(tuple(item), None) for item in shuffled])]
    assert set(groups) == set(again)
    assert sum(map(len, groups)) == len(frozenset().union(*groups))
    assert sum(len(members) for _, members in join([(tuple(item), None) for item in items])) == len(items)


def test_the_cve_is_reported_first():
    """CVEs by year and number, then GitHub's and PyPA's ids; broken CVE ids are like any other."""
    given_ids = ["X-1", "PYSEC-2021-1", "GHSA-a", "CVE-2021-44228", "CVE-2021-4104", "CVE-2019-9999", "CVE-????-1"]
    assert (
        "CVE-2019-9999",
        "CVE-2021-4104",
        "CVE-2021-44228",
        "GHSA-a",
        "PYSEC-2021-1",
        "CVE-????-1",
        "X-1",
    ) == ranked(given_ids)


def test_numbers_of_cves():
    """Only well-formed ids have a number."""
    assert (2021, 44228) == cve_number("CVE-2021-44228")
    assert [None, None, None] == [cve_number(name) for name in ("CVE-46838", "cve-2021-44228", "GHSA-a")]
