"""Java archives that advisories cannot name."""

from tidewaiter.core.model.package import Package
from tidewaiter.core.vuln.unmatched import without_group


def test_archives_without_group_are_told():
    """One remark names the archives without a group; it does not make the scan incomplete."""
    packages = [Package(type="maven", name=name, version="1") for name in ("b", "a", "b", "g:a")]
    (told,) = without_group([*packages, Package(type="npm", name="c", version="1")])
    assert told.subject == "a, b"
    assert not told.incomplete
    assert [] == list(without_group(packages[3:]))
