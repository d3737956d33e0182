"""Packages of operating systems in whole images."""

import sqlite3
from pathlib import Path

import rpm_databases as write
from images import Link
from scanning import names, problems, scan_layers

UBI = 'ID="rhel"\nVERSION_ID="9.4"\nNAME="Red Hat Enterprise Linux"\n'
METADATA = "usr/lib/python3.9/site-packages/requests-2.25.1.dist-info/METADATA"


def harbour(version: str, *, epoch: int = 0) -> bytes:
    """Return the header of a package that brings a Python package."""
    return write.package(
        "python3-requests", version, "9.el9", [f"/{METADATA}"], epoch=epoch, arch="noarch", vendor="Red Hat, Inc."
    )


def test_rpm(tmp_path: Path):
    """A database behind a link of its folder is read once; its packages own what they brought."""
    layer = {
        "etc/os-release": UBI,
        "var/lib/rpm": Link("../../usr/lib/sysimage/rpm"),
        "usr/lib/sysimage/rpm/rpmdb.sqlite": write.sqlite(
            [harbour("2.25.1", epoch=1), write.package("bash", "5", "1")]
        ),
        METADATA: "Name: requests\nVersion: 2.25.1\n",
        "root/buildinfo/content_manifests/ubi9.json": '{"content_sets": ["rhel-9-for-x86_64-baseos-rpms__9"]}',
    }
    image = scan_layers(tmp_path, layer)
    assert [] == problems(image)
    assert ("rhel-9-for-x86_64-baseos-rpms",) == image.os.repositories
    assert {"requests=2.25.1": 0, "bash=5-1": 0, "python3-requests=1:2.25.1-9.el9": 0} == names(image)
    assert {"requests": "python3-requests", "bash": "", "python3-requests": ""} == {
        package.name: package.owner for package in image.packages
    }
    assert {("redhat", "rhel-9.4")} == {(one.namespace, one.distro) for one in image.packages if one.type == "rpm"}


def test_rpm_upgrade(tmp_path: Path):
    """Each package belongs to the layer from which on it stays, though every layer writes the whole database."""
    path = "usr/lib/sysimage/rpm/Packages.db"
    base = {"etc/os-release": UBI, path: write.ndb([harbour("2.25.1"), write.package("bash", "5", "1")])}
    image = scan_layers(tmp_path, base, {path: write.ndb([harbour("2.26"), write.package("bash", "5", "1")])})
    assert {"python3-requests=2.26-9.el9": 1, "bash=5-1": 0} == names(image)


def test_rpm_log(tmp_path: Path):
    """The log beside a sqlite database is read with it."""
    path = tmp_path / "rpmdb.sqlite"
    path.write_bytes(write.sqlite([harbour("1")], page=4096))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("INSERT INTO Packages (blob) VALUES (?)", (write.package("bash", "5", "1"),))
    bodies = {f"var/lib/rpm/{name}": path.with_name(name).read_bytes() for name in ("rpmdb.sqlite-wal", "rpmdb.sqlite")}
    connection.close()
    image = scan_layers(tmp_path, {"etc/os-release": UBI, **bodies})
    assert [] == problems(image)
    assert {"python3-requests=1-9.el9": 0, "bash=5-1": 0} == names(image)


def test_apk(tmp_path: Path):
    """Packages of Alpine carry origin and distribution, and own their files behind the link of a folder."""
    record = "P:py3-x\nV:1-r0\nA:x86_64\no:x\nF:lib/python3/x-1.dist-info\nR:METADATA\n\n"
    layer = {
        "lib": Link("usr/lib"),
        "etc/os-release": "ID=alpine\nVERSION_ID=3.20.3\n",
        "etc/apk/repositories": "https://mirror.example/alpine/v3.19/main\nhttps://mirror.example/alpine/v3.20/main\n",
        "usr/lib/apk/db/installed": record,
        "usr/lib/python3/x-1.dist-info/METADATA": "Name: x\nVersion: 1\n",
    }
    image = scan_layers(tmp_path, layer)
    assert [] == problems(image)
    assert ("v3.19", "v3.20") == image.os.repositories
    assert {"py3-x": "", "x": "py3-x"} == {package.name: package.owner for package in image.packages}
    assert "pkg:apk/alpine/py3-x@1-r0?arch=x86_64&distro=alpine-3.20.3&upstream=x" == image.packages[0].purl
    reason = "packages come from several branches of Alpine (v3.19, v3.20), the highest is taken"
    assert [reason] == [one.reason for one in image.unknowns if one.subject == "etc/apk/repositories"]


def test_pacman(tmp_path: Path):
    """Packages of Arch are told under their own purl type."""
    layer = {
        "etc/os-release": "ID=arch\n",
        "var/lib/pacman/local/zlib-1:1.3-1/desc": "%NAME%\nzlib\n\n%VERSION%\n1:1.3-1\n\n%ARCH%\nx86_64\n",
    }
    image = scan_layers(tmp_path, layer)
    assert ["pkg:alpm/arch/zlib@1:1.3-1?arch=x86_64&distro=arch"] == [one.purl for one in image.packages]


def test_damaged_database_is_told(tmp_path: Path):
    """A database that is cut leaves the scan incomplete and its whole packages stay."""
    whole = write.ndb([harbour("1"), write.package("bash", "5", "1")])
    image = scan_layers(tmp_path, {"etc/os-release": UBI, "var/lib/rpm/Packages.db": whole[:-40]})
    assert {"python3-requests=1-9.el9": 0} == names(image)
    assert any("package 2 is cut off" in problem for problem in problems(image))


def test_repository(tmp_path: Path):
    """The repository that yum remembers is told of the build it installed and of no other."""
    layer = {
        "etc/os-release": 'ID="amzn"\nVERSION_ID="2"\n',
        "var/lib/rpm/Packages": write.bdb([harbour("1", epoch=3), write.package("bash", "5", "1")]),
        "var/lib/yum/yumdb/p/0a1b-python3-requests-1-9.el9-noarch/from_repo": "amzn2extra-python3.8",
        "var/lib/yum/yumdb/b/0a1b-bash-4-1-x86_64/from_repo": "amzn2-core",
    }
    image = scan_layers(tmp_path, layer)
    assert {"python3-requests": "amzn2extra-python3.8", "bash": ""} == {
        package.name: package.repository for package in image.packages
    }
