"""Until when a distribution is mended."""

from datetime import date

import pytest

from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.core.vuln.advisory import Support
from tidewaiter.core.vuln.support import support_of, with_support
from tidewaiter.core.vuln.support_table import SOURCES, UNCONFIRMED, shipped


class Data:
    """Advisory data that knows these releases."""

    def __init__(self, *known: Support) -> None:
        """Take the releases."""
        self._known = known

    def support(self, product: str) -> tuple[Support, ...]:
        """Return those of a product."""
        return tuple(one for one in self._known if one.product == product)


DATES = [
    ("alpine", "3.19.1", "2025-11-01", ""),
    ("alpine", "3.20.3", "2026-04-01", ""),
    ("alpine", "3.21.0", "2026-12-05", ""),
    ("alpine", "3.22.1", "2027-04-30", ""),
    ("alpine", "3.23.0", "2027-11-01", ""),
    ("debian", "10", "2024-06-30", ""),
    ("debian", "11", "2026-08-31", ""),
    ("debian", "12", "2028-06-30", ""),
    ("ubuntu", "18.04", "2023-05-31", "2028-03-31"),
    ("ubuntu", "20.04", "2025-05-31", "2030-04-30"),
    ("ubuntu", "22.04", "2027-04-23", "2032-04-09"),
    ("ubuntu", "24.04", "2029-05-31", "2034-04-25"),
    ("ubuntu", "25.10", "2026-07-01", ""),
    ("ubuntu", "26.04", "2031-05-31", ""),
    ("rhel", "6.10", "2020-11-30", "2024-06-30"),
    ("rhel", "8.9", "2029-05-31", ""),
    ("rhel", "9.4", "2032-05-31", ""),
    ("rhel", "10.0", "2035-05-31", ""),
    ("centos", "7", "2024-06-30", ""),
    ("centos", "8", "2021-12-31", ""),
    ("almalinux", "8.10", "2029-03-01", ""),
    ("almalinux", "9.3", "2032-05-31", ""),
    ("almalinux", "10.1", "2035-05-31", ""),
    ("rocky", "8.9", "2029-05-31", ""),
    ("rocky", "9.6", "2032-05-31", ""),
    ("ol", "8.10", "2029-07-18", ""),
    ("ol", "7.9", "2024-12-31", ""),
    ("ol", "9.3", "2032-07-18", ""),
    ("amzn", "2018.03", "2023-12-31", ""),
    ("amzn", "2", "2026-06-30", ""),
    ("amzn", "2023", "2029-06-30", ""),
    ("photon", "4.0", "2026-03-31", ""),
    ("sles", "15.6", "2025-12-31", ""),
    ("sles", "15.7", "2031-07-31", ""),
    ("sles", "16.0", "2027-11-30", ""),
    ("opensuse-leap", "15.6", "2025-12-31", ""),
    ("opensuse-leap", "16.0", "2027-10-31", ""),
]


@pytest.mark.parametrize(("id_", "version", "ends", "extended"), DATES)
def test_shipped_dates(id_: str, version: str, ends: str, extended: str):
    """Releases are found by the version that os-release writes, however exact it is."""
    found = support_of(OperatingSystem(id=id_, version_id=version))
    assert found is not None
    assert (ends, extended) == (found.ends, found.extended)


@pytest.mark.parametrize(
    "system",
    [
        OperatingSystem(id="arch"),
        OperatingSystem(id="debian"),
        OperatingSystem(id="debian", codename="sid"),
        OperatingSystem(id="debian", version_id="99"),
        OperatingSystem(id="nobody", version_id="1"),
        OperatingSystem(id="alpine", version_id="3.19.0_alpha20230901"),
        OperatingSystem(id="opensuse-tumbleweed", version_id="20260101"),
    ],
)
def test_unknown(system: OperatingSystem):
    """Rolling, unfinished and unknown releases have no dates, which is not the same as being supported."""
    assert None is support_of(system, Data())
    assert system == with_support(system)


def test_stream():
    """CentOS Stream has the id of CentOS Linux and dates of its own."""
    found = support_of(OperatingSystem(id="centos", version_id="8", variant="stream"))
    assert found is not None
    assert "2024-05-31" == found.ends


def test_codename():
    """A system without a number is found by its codename, of which feeds may write more than one word."""
    found = support_of(OperatingSystem(id="debian", codename="trixie"))
    assert found is not None
    assert "13" == found.release
    data = Data(Support(product="ubuntu", release="27.04", codename="Zesty Zebra", ends="2028-01-01"))
    found = support_of(OperatingSystem(id="ubuntu", codename="zesty"), data)
    assert found is not None
    assert "2028-01-01" == found.ends


def test_data_wins():
    """Dates of the data win field by field; what it leaves open comes from the table."""
    data = Data(Support(product="ubuntu", release="24.04", ends="2029-04-25"))
    found = support_of(OperatingSystem(id="ubuntu", version_id="24.04"), data)
    assert found is not None
    assert ("2029-04-25", "2034-04-25") == (found.ends, found.extended)


def test_long_term_support_of_debian():
    """Fixes of Debian's Long Term Support reach everybody, whatever a feed calls it."""
    data = Data(Support(product="debian", release="12", ends="2026-06-10", extended="2028-06-30"))
    system = with_support(OperatingSystem(id="debian", version_id="12"), data)
    assert ("2028-06-30", "2028-06-30") == (system.end_of_life, system.extended_support)


def test_names_of_feeds():
    """A product is found under the name that endoflife.date gives it."""
    data = Data(Support(product="oracle-linux", release="10", ends="2035-06-30"))
    system = OperatingSystem(id="ol", version_id="10.1")
    assert "2035-06-30" == with_support(system, data).end_of_life


def test_table():
    """Every date of the table is one, extended support ends later, and each product names its source."""
    for one in shipped():
        assert date.fromisoformat(one.ends)
        assert not one.extended or date.fromisoformat(one.extended) > date.fromisoformat(one.ends)
    assert {one.product for one in shipped()} == set(SOURCES)
    dates = {f"{one.product} {one.release}{end}" for one in shipped() for end in ("", " extended" * bool(one.extended))}
    assert {f"{product} {release}" for product, some in UNCONFIRMED.items() for release in some} <= dates


def test_confirmed_dates_are_those_of_the_list():
    """What is not marked stands in the list of dates above, or in data of endoflife.date (24.10, 25.04)."""
    listed = {(id_, version.partition(".")[0]) for id_, version, *_ in DATES}
    unmarked = {one for one in shipped() if one.release not in UNCONFIRMED.get(one.product, ())}
    assert set() == {one.product for one in unmarked if (one.product, one.release.partition(".")[0]) not in listed} - {
        "ubuntu"
    }
