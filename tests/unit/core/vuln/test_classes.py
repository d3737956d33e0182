"""The class and the traits of a defect, row by row of the table."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.vuln.classes import EXHAUSTION, MAIN, TRAITS, Defect, classes_of

REMOTE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
STOPS = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"
NEEDS_ACCOUNT = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"
NEEDS_ROOT = "CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"
FILE = "CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H"
CHANGED = "CVSS:3.0/AV:L/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H"
V4_STOPS = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N"
V4_BEYOND = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:N/VI:N/VA:H/SC:N/SI:L/SA:N"


@pytest.mark.parametrize(
    ("cwes", "vector", "package", "expected"),
    [
        ("", REMOTE, "openssl", "entry network-service"),
        ("", STOPS, "openssl", "availability-only network-service"),
        ("", V4_STOPS, "openssl", "availability-only network-service"),
        ("", V4_BEYOND, "openssl", "entry"),
        ("", "AV:N/AC:L/Au:N/C:N/I:N/A:P", "bind9", "availability-only network-service"),
        ("", "AV:L/AC:L/Au:S/C:C/I:C/A:C", "sudo", "local"),
        ("", NEEDS_ACCOUNT, "sudo", "local"),
        ("CWE-269", NEEDS_ACCOUNT, "sudo", "local needs-privilege"),
        ("", NEEDS_ROOT, "lvm2", "local needs-privilege"),
        ("CWE-269", REMOTE, "grafana", "entry network-service"),
        ("", FILE, "libxml2", "entry"),
        ("CWE-22", REMOTE, "tar", "entry network-service writes-to-disk"),
        ("CWE-22", STOPS, "tar", "availability-only network-service"),
        ("CWE-22", "", "tar", "entry writes-to-disk"),
        ("CWE-918 CWE-79", REMOTE, "x", "entry browser callback network-service"),
        ("CWE-295", FILE, "curl", "entry client"),
        ("", CHANGED, "runc", "container-escape"),
        ("", STOPS, "runc", "availability-only network-service"),
        ("", "", "containerd", "container-escape"),
        ("", NEEDS_ACCOUNT, "linux", "container-escape"),
        ("CWE-400", "", "x", "availability-only"),
        ("CWE-400 CWE-79", "", "x", "entry browser"),
        ("NVD-CWE-noinfo CWE-x CWE-999999", "nonsense", "x", "entry"),
        ("", "", "x", "entry"),
    ],
)
def test_rows(cwes, vector, package, expected):
    """Each row of the table holds."""
    assert expected == " ".join(classes_of(Defect(cwes=tuple(cwes.split()), vector=vector, package=package)))


@given(cwes=st.lists(st.integers(0, 1500).map("CWE-{}".format) | st.text(max_size=9)), vector=st.text(max_size=30))
def test_any_defect_has_one_class(cwes, vector):
    """Any text gives exactly one class, and traits that do not depend on the order."""
    told = classes_of(Defect(cwes=tuple(cwes), vector=vector))
    assert told[0] in MAIN
    assert {*told[1:]} <= {*TRAITS, "network-service"}
    assert told == classes_of(Defect(cwes=tuple(reversed(cwes)), vector=vector))


def spelled(text: str) -> set[int]:
    """Return the numbers of a list such as `22 to 29, 35`."""
    numbers: set[int] = set()
    for first, _, last in re.findall(r"(\d+)( to (\d+))?", text):
        numbers |= {*range(int(first), int(last or first) + 1)}
    return numbers


def test_the_page_has_the_same_numbers():
    """The documented table is the one that is used."""
    page = (Path(__file__).parents[4] / "docs" / "vulnerability-classes.md").read_text()
    for name, numbers in TRAITS.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}`"))
        assert numbers == spelled(row.split("|")[2].partition(";")[0])
    line = next(line for line in page.splitlines() if line.startswith("Weaknesses of exhaustion"))
    assert spelled(line) == EXHAUSTION


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ("linux", "container-escape"),
        ("linux-aws-6.8", "container-escape"),
        ("linux-lts", "container-escape"),
        ("kernel-uek", "container-escape"),
        ("kernel-default", "container-escape"),
        ("linux-firmware", "local"),
        ("linux-atm", "local"),
        ("kernel-headers", "local"),
    ],
)
def test_flavours_of_the_kernel(package, expected):
    """The kernel's source package has many names; what only begins like it is another package."""
    vector = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"
    assert expected == classes_of(Defect(vector=vector, package=package))[0]
