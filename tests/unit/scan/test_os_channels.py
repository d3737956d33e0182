"""From where a system takes its packages and fixes."""

import json

import pytest

from tidewaiter.scan.os_release import operating_system, system_unknowns

ALPINE = b"ID=alpine\nVERSION_ID=3.20.3\n"
MIRROR = "https://mirror.example/alpine"


def repositories(*lines: str, system: bytes = ALPINE) -> tuple[tuple[str, ...], list[str]]:
    """Return the branches and the remarks of an image with these lines in etc/apk/repositories."""
    files = {"etc/os-release": system, "etc/apk/repositories": "\n".join(lines).encode()}
    found = operating_system(files)
    assert found is not None
    unknowns = system_unknowns(files)
    assert not any(unknown.incomplete for unknown in unknowns)
    return found.repositories, [unknown.reason for unknown in unknowns]


@pytest.mark.parametrize(
    ("lines", "branches", "remarks"),
    [
        ((), (), []),
        ((f"{MIRROR}/v3.20/main", f"{MIRROR}/v3.20/community/"), ("v3.20",), []),
        ((f"{MIRROR}/edge/main",), ("edge",), []),
        ((f"# {MIRROR}/v3.9/main", "", f"{MIRROR}/v3.20/main # v3.8/main"), ("v3.20",), []),
        ((f"@edge {MIRROR}/edge/testing", f"{MIRROR}/v3.20/main"), ("v3.20",), []),
        (("/home/me/packages", "https://packages.example/os"), (), []),
        (
            (f"{MIRROR}/v3.9/main", f"{MIRROR}/v3.20/main", f"{MIRROR}/edge/main"),
            ("edge", "v3.20", "v3.9"),
            ["packages come from several branches of Alpine (edge, v3.20, v3.9), the highest is taken"],
        ),
        ((f"{MIRROR}/v3.19/main",), ("v3.19",), ["packages come from branch v3.19 of Alpine, the system says v3.20"]),
    ],
)
def test_branches(lines: tuple[str, ...], branches: tuple[str, ...], remarks: list[str]):
    """Untagged lines name the branches; a mix and a branch of another release are told."""
    assert (branches, remarks) == repositories(*lines)


def test_branches_of_snapshots_and_other_systems():
    """A snapshot of edge and a system that is not Alpine have no branch of their own to differ from."""
    line = f"{MIRROR}/v3.19/main"
    assert (("v3.19",), []) == repositories(line, system=b"ID=alpine\nVERSION_ID=3.21.0_alpha20240923\n")
    assert (("v3.19",), []) == repositories(line, system=b"ID=wolfi\nVERSION_ID=20230201\n")


def test_content_sets():
    """The content sets of all manifests are joined; the repeated major release is taken off, a minor one is not."""
    files = {
        "etc/os-release": b"ID=rhel\nVERSION_ID=9.2\n",
        "root/buildinfo/content_manifests/ubi9.json": json.dumps(
            {"content_sets": ["rhel-9-for-x86_64-baseos-rpms__9", "rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2", 7]}
        ).encode(),
        "usr/share/buildinfo/content-sets.json": b'{"content_sets": ["rhel-9-for-x86_64-appstream-rpms", ""]}',
        "usr/share/buildinfo/deeper/x.json": b'{"content_sets": ["no"]}',
    }
    found = operating_system(files)
    assert found is not None
    expected = (
        "rhel-9-for-x86_64-appstream-rpms",
        "rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2",
        "rhel-9-for-x86_64-baseos-rpms",
    )
    assert expected == found.repositories
    assert () == system_unknowns(files)


def test_ubuntu_pro():
    """Only services that are switched on are told."""
    services = [
        {"name": "esm-infra", "entitled": "yes", "status": "enabled"},
        {"name": "esm-apps", "entitled": "yes", "status": "disabled"},
        {"name": "fips-updates", "status": "enabled"},
        {"status": "enabled"},
        "fips",
    ]
    files = {
        "etc/os-release": b"ID=ubuntu\nVERSION_ID=22.04\n",
        "var/lib/ubuntu-advantage/status.json": json.dumps({"services": services}).encode(),
    }
    found = operating_system(files)
    assert found is not None
    assert ("esm-infra", "fips-updates") == found.services


@pytest.mark.parametrize(
    "path",
    ["var/lib/ubuntu-advantage/status.json", "root/buildinfo/content_manifests/x.json", "usr/share/buildinfo/x.json"],
)
@pytest.mark.parametrize(("body", "told"), [(b"{", 1), (b"[" * 900, 1), (b"[]", 0), (b'{"services": 1}', 0)])
def test_damage(path: str, body: bytes, told: int):
    """A file that is no JSON leaves the scan incomplete; one of another form names nothing."""
    files = {"etc/os-release": b"ID=x\n", path: body}
    found = operating_system(files)
    assert found is not None
    assert ((), ()) == (found.repositories, found.services)
    assert [path] * told == [one.subject for one in system_unknowns(files) if one.incomplete]
