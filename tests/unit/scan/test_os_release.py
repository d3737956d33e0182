"""Which distribution an image is."""

import pytest

from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.scan.os_release import operating_system


@pytest.mark.parametrize(
    ("files", "system"),
    [
        ({}, None),
        ({"etc/os-release": b"NAME=x\n"}, None),
        (
            {"etc/os-release": b'ID=ubuntu\nVERSION_ID="24.04"\nID_LIKE="debian"\nVERSION_CODENAME=noble\n'},
            OperatingSystem(id="ubuntu", version_id="24.04", codename="noble", id_like=("debian",)),
        ),
        ({"usr/lib/os-release": b"ID='Alpine'\n"}, OperatingSystem(id="alpine")),
        (
            {"etc/os-release": b'ID=debian\nPRETTY_NAME="Debian \\"x\\""\n', "etc/debian_version": b"trixie/sid\n"},
            OperatingSystem(id="debian", codename="trixie", name='Debian "x"'),
        ),
        ({"etc/debian_version": b"12.5\n"}, OperatingSystem(id="debian", version_id="12", name="Debian GNU/Linux")),
        ({"etc/alpine-release": b"3.20.1\n"}, OperatingSystem(id="alpine", version_id="3.20.1", name="Alpine Linux")),
        (
            {"etc/centos-release": b"CentOS Linux release 7.9.2009 (Core)\n"},
            OperatingSystem(id="centos", version_id="7.9", name="CentOS"),
        ),
        (
            {"etc/redhat-release": b"Red Hat Enterprise Linux Server release 6.10 (Santiago)\n"},
            OperatingSystem(id="rhel", version_id="6.10", name="Red Hat Enterprise"),
        ),
        (
            {"etc/lsb-release": b"DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\nDISTRIB_CODENAME=trusty\n"},
            OperatingSystem(id="ubuntu", version_id="14.04", codename="trusty"),
        ),
        ({"etc/os-release": b"\xff\xfe\x00"}, None),
    ],
)
def test_systems(files: dict[str, bytes], system: OperatingSystem | None):
    """os-release decides; without it the distribution's own files do."""
    assert operating_system(files) == system
