"""Texts made to be slow or to hide something. The sizes are such that a quadratic reading takes minutes, not seconds."""

import pytest

from tidewaiter.core.registry import Registry
from tidewaiter.scan.analyzers.dpkg import ANALYZER as DPKG
from tidewaiter.scan.credential_search import CredentialSearch
from tidewaiter.scan.credentials import BUILTIN
from tidewaiter.scan.os_release import operating_system, parse_os_release

LONG = 300_000
TOKEN = b"ghp_" + b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"
SEARCH = CredentialSearch(Registry("credentials", BUILTIN))


@pytest.mark.parametrize("fill", [" ", "\t", "\r", "\n", " \n"])
@pytest.mark.parametrize("start", ["", "ID=", 'ID="', "ID='"])
def test_blanks_in_os_release(start: str, fill: str):
    """Blanks cost their number, wherever they stand."""
    system = parse_os_release(f"{start}{fill * LONG}x\nID=debian\n".encode())
    assert system is not None
    assert system.id == "debian"


def test_values_of_os_release_are_bounded():
    """They are shown to people in one line."""
    system = operating_system({"etc/os-release": b"ID=" + b"a" * LONG})
    assert system is not None
    assert len(system.id) == 256


@pytest.mark.parametrize("fill", [" ", "\t", "\r"])
def test_blanks_in_dpkg_fields(fill: str):
    """Blanks inside and behind a value cost their number; those around it are no part of it."""
    blanks = fill * LONG
    result = DPKG.parse(f"Package: a{blanks}\nMaintainer: m{blanks}x\nVersion:{blanks}1\n".encode(), "x/status")
    assert [(one.name, one.version) for one in result.packages] == [("a", "1")]


def test_a_lost_blank_line_in_a_dpkg_database():
    """Two stanzas that run into one would hide a package."""
    result = DPKG.parse(b"Package: a\nVersion: 1\nPackage: b\nVersion: 2\n", "var/lib/dpkg/status")
    assert ["says a field twice" in unknown.reason for unknown in result.unknowns] == [True]


def test_one_secret_many_times():
    """It is told once, and the lines before it are counted once."""
    found = SEARCH.search((TOKEN + b"\n") * 100_000)
    assert [(one.rule, one.line) for one in found] == [("github-token", 1)]


@pytest.mark.parametrize("body", [b"a: " * 400, b"-----BEGIN PRIVATE KEY-----\n" * 100_000])
def test_private_keys_that_never_come(body: bytes):
    """Header lines are split in one way only, and each start is tried once."""
    assert SEARCH.search(b"-----BEGIN PRIVATE KEY-----\n" + body) == ()


def test_private_keys_with_headers_are_still_found():
    """OpenSSL writes headers before the body of an encrypted key."""
    body = b"MIIEpAIBAAKCAQEA7bq98zXcVtYwRkLmNoPqRsTuVwXyZ0123456ghijkl/+7890ABCDefGH\n" * 3
    key = b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + body
    assert [one.rule for one in SEARCH.search(key)] == ["private-key"]
