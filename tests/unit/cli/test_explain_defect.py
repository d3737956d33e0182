"""`tidewaiter explain CVE-… --image NAME`."""

import json

import pytest

from advisory_data import import_into, write
from tidewaiter.cli.explain_defect import explain_defect, is_defect

TRACKER = {"openssl": {"CVE-2024-0001": {"releases": {"bookworm": {"status": "resolved", "urgency": "low", "repositories": {}, "fixed_version": "3.0.13-1"}}}}}  # fmt: skip
STATUS = """Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.11-1
Maintainer: Debian <x@debian.org>
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CVE-2024-0001", True),
        ("GHSA-rv95-896h-c2vc", True),
        ("TEMP-0000000-A1B2C3", True),
        ("cve-2024-0001", True),
        ("retirejs/lodash/2", True),
        ("ghsa-rv95-896h-c2vc", True),
        ("3f8a2c", False),
        ("3f8a2c-1", False),
        ("", False),
    ],
)
def test_ids(text, expected):
    """Ids of defects begin with capital letters or are well-known ones, ids of findings are hexadecimal."""
    assert expected == is_defect(text)


def test_explained(tmp_path, capsys):
    """The row, the comparer and the fix are printed; an unknown defect says that nothing names a package."""
    folder = tmp_path / "root"
    write(folder, "etc/os-release", ["ID=debian", 'VERSION_ID="12"'])
    write(folder, "var/lib/dpkg/status", [STATUS])
    database = tmp_path / "db"
    import_into(database, write(tmp_path, "tracker.json", [json.dumps(TRACKER)]))
    assert 0 == explain_defect("CVE-2024-0001", f"fs:{folder}", db=str(database))
    text = " ".join(capsys.readouterr().out.split())
    assert "deb libssl3 3.0.11-1: vulnerable" in text
    assert "Debian:12 openssl, < 3.0.13-1 is affected; 3.0.11-1 is inside (dpkg)" in text
    assert 0 == explain_defect("CVE-2099-0001", f"fs:{folder}", db=str(database))
    assert "No advisory about CVE-2099-0001 names a package" in capsys.readouterr().out


def test_statements_are_heard(tmp_path, capsys):
    """What a VEX document closes is told as not counted, and an id in small letters is the same id."""
    folder = tmp_path / "root"
    write(folder, "etc/os-release", ["ID=debian", 'VERSION_ID="12"'])
    write(folder, "var/lib/dpkg/status", [STATUS])
    database = tmp_path / "db"
    import_into(database, write(tmp_path, "tracker.json", [json.dumps(TRACKER)]))
    ignored = write(tmp_path, ".trivyignore", ["CVE-2024-0001"])
    assert 0 == explain_defect("cve-2024-0001", f"fs:{folder}", db=str(database), vex=[str(ignored)])
    text = " ".join(capsys.readouterr().out.split())
    assert "deb libssl3 3.0.11-1: affected, not counted: " in text


def test_unreadable_statements_are_told(tmp_path, capsys):
    """A file without statements is named, because somebody meant it to count."""
    folder = tmp_path / "root"
    write(folder, "etc/os-release", ["ID=debian", 'VERSION_ID="12"'])
    database = tmp_path / "db"
    import_into(database, write(tmp_path, "tracker.json", [json.dumps(TRACKER)]))
    other = write(tmp_path, "other.json", ["{}"])
    assert 0 == explain_defect("CVE-2024-0001", f"fs:{folder}", db=str(database), vex=[str(other)])
    assert "holds no VEX document" in capsys.readouterr().err
