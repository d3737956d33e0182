"""Updates of rpm repositories."""

import io

import pytest

from tidewaiter.scan.advisories.updateinfo import is_updateinfo, time_of, updates

TEXT = """<updates><update type="security"><id>A-1</id><title>a  b</title><issued date="2024-01-02"/>
<severity>None</severity><description>CVE-2024-0001</description><references>
<reference id="1" type="bugzilla" title="CVE-2024-0002 x"/><reference id="CVE-2024-0002" type="cve"/>
<reference id="GHSA-1" type="ghsa"/></references><pkglist><collection><name>C</name>
<module name="m" stream="1"/><package name="a" epoch="2" version="1" release="3" arch="x86_64"/>
<package name="b" version="1" arch="noarch"/></collection></pkglist></update><update/></updates>"""


def test_fields():
    """References decide which CVEs are meant; versions carry the epoch only when there is one."""
    first, second = updates(io.BytesIO(TEXT.encode()))
    assert ("A-1", "security", "a b", "", "2024-01-02T00:00:00Z") == (
        first.id,
        first.kind,
        first.title,
        first.severity,
        first.issued,
    )
    assert (("CVE-2024-0002",), ("GHSA-1",)) == (first.cves, first.aliases)
    assert [("a", "2:1-3", "m:1", "C"), ("b", "1", "m:1", "C")] == [
        (one.name, one.version, one.module, one.collection) for one in first.packages
    ]
    assert ("", ()) == (second.id, second.packages)
    assert is_updateinfo(TEXT.encode())
    assert not is_updateinfo(b"<update/>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-02", "2024-01-02T00:00:00Z"),
        ("2024-01-02 03:04", "2024-01-02T03:04:00Z"),
        ("2024-01-02 03:04:05", "2024-01-02T03:04:05Z"),
        ("2024-01-02T03:04:05.123Z", "2024-01-02T03:04:05Z"),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_times(text, expected):
    """Dates with and without a time become one form."""
    assert expected == time_of(text)
