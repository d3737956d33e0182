"""Which distribution an image is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.scan.os_release import FILES, namespace_of, operating_system, system_unknowns


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
            OperatingSystem(id="centos", version_id="7.9", name="CentOS Linux"),
        ),
        (
            {"etc/redhat-release": b"Red Hat Enterprise Linux Server release 6.10 (Santiago)\n"},
            OperatingSystem(id="rhel", version_id="6.10", name="Red Hat Enterprise Linux Server"),
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


@pytest.mark.parametrize(
    ("text", "system"),
    [
        (
            (
                'NAME="Red Hat Enterprise Linux"\nVERSION="9.4 (Plow)"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\n'
                'PRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"\nCPE_NAME="cpe:/o:redhat:enterprise_linux:9::baseos"\n'
            ),
            OperatingSystem(
                id="rhel",
                version_id="9.4",
                name="Red Hat Enterprise Linux 9.4 (Plow)",
                id_like=("fedora",),
                cpe="cpe:/o:redhat:enterprise_linux:9::baseos",
            ),
        ),
        (
            'NAME="CentOS Stream"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="9"\nPRETTY_NAME="CentOS Stream 9"\n',
            OperatingSystem(
                id="centos", version_id="9", name="CentOS Stream 9", id_like=("rhel", "fedora"), variant="stream"
            ),
        ),
        (
            'NAME="CentOS Linux"\nID="centos"\nVERSION_ID="8"\nPRETTY_NAME="CentOS Linux 8"\n',
            OperatingSystem(id="centos", version_id="8", name="CentOS Linux 8"),
        ),
        (
            'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=40\nVERSION_CODENAME=""\nVARIANT_ID=Container\n',
            OperatingSystem(id="fedora", version_id="40", name="Fedora Linux", variant="container"),
        ),
        (
            'NAME="Oracle Linux Server"\nID="ol"\nVERSION_ID="8.9"\n',
            OperatingSystem(id="ol", version_id="8.9", name="Oracle Linux Server"),
        ),
        (
            'NAME="Amazon Linux"\nID="amzn"\nVERSION_ID="2023"\n',
            OperatingSystem(id="amzn", version_id="2023", name="Amazon Linux"),
        ),
        ('NAME="SLES"\nID="sles"\nVERSION_ID="15.6"\n', OperatingSystem(id="sles", version_id="15.6", name="SLES")),
        ('ID="sl-micro"\nVERSION_ID="6.1"\n', OperatingSystem(id="sl-micro", version_id="6.1")),
        ('ID="opensuse-leap"\nVERSION_ID="15.6"\n', OperatingSystem(id="opensuse-leap", version_id="15.6")),
        ("ID=photon\nVERSION_ID=5.0\n", OperatingSystem(id="photon", version_id="5.0")),
        ("ID=azurelinux\nVERSION_ID=3.0\n", OperatingSystem(id="azurelinux", version_id="3.0")),
        ("ID=mariner\nVERSION_ID=2.0\n", OperatingSystem(id="mariner", version_id="2.0")),
        ("ID=wolfi\nVERSION_ID=20230201\n", OperatingSystem(id="wolfi", version_id="20230201")),
        ("ID=chainguard\n", OperatingSystem(id="chainguard")),
        ("ID=arch\nBUILD_ID=rolling\n", OperatingSystem(id="arch")),
        (
            "ID=bottlerocket\nVERSION_ID=1.20.0\nVARIANT_ID=aws-k8s-1.28\n",
            OperatingSystem(id="bottlerocket", version_id="1.20.0", variant="aws-k8s-1.28"),
        ),
        (
            'ID=debian\nVERSION_ID="9"\nVERSION="9 (stretch)"\n',
            OperatingSystem(id="debian", version_id="9", codename="stretch"),
        ),
        (
            'ID=ubuntu\nVERSION_ID="16.04"\nUBUNTU_CODENAME=xenial\n',
            OperatingSystem(id="ubuntu", version_id="16.04", codename="xenial"),
        ),
        ("ID=one\nID=two\n", OperatingSystem(id="two")),
        ("ID=x\x1b[31m\nNAME='a\u202eb'\n", OperatingSystem(id="x[31m", name="ab")),
        (f"ID=x\nNAME={'y' * 5000}\n", OperatingSystem(id="x", name="y" * 256)),
    ],
)
def test_os_release(text: str, system: OperatingSystem):
    """Every family is told by its os-release, and no text in it can do harm."""
    assert operating_system({"etc/os-release": text.encode()}) == system


@pytest.mark.parametrize(
    ("path", "text", "id_", "version"),
    [
        ("etc/oracle-release", "Oracle Linux Server release 7.9\n", "ol", "7.9"),
        ("etc/rocky-release", "Rocky Linux release 9.3 (Blue Onyx)\n", "rocky", "9.3"),
        ("etc/almalinux-release", "AlmaLinux release 9.3 (Shamrock Pampas Cat)\n", "almalinux", "9.3"),
        ("etc/fedora-release", "Fedora release 39 (Thirty Nine)\n", "fedora", "39"),
        ("etc/system-release", "Amazon Linux AMI release 2018.03\n", "amzn", "2018.03"),
        ("etc/system-release", "Amazon Linux release 2 (Karoo)\n", "amzn", "2"),
        ("etc/redhat-release", "CentOS release 6.10 (Final)\n", "centos", "6.10"),
        ("etc/redhat-release", "Red Hat Enterprise Linux release 8.9 (Ootpa)\n", "rhel", "8.9"),
        ("etc/photon-release", "VMware Photon OS 4.0\nPHOTON_BUILD_NUMBER=1\n", "photon", "4.0"),
        ("etc/mariner-release", "CBL-Mariner 2.0.20230805\n", "mariner", "2.0"),
        ("etc/azurelinux-release", "Microsoft Azure Linux 3.0.20240727\n", "azurelinux", "3.0"),
        (
            "etc/SuSE-release",
            "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n",
            "sles",
            "11.4",
        ),
        ("etc/SuSE-release", "openSUSE 13.2 (x86_64)\nVERSION = 13.2\nCODENAME = Harlequin\n", "opensuse", "13.2"),
        ("etc/arch-release", "", "arch", ""),
    ],
)
def test_older_files(path: str, text: str, id_: str, version: str):
    """Systems without os-release are told by the file that they wrote before."""
    system = operating_system({path: text.encode()})
    assert system is not None
    assert (id_, version) == (system.id, system.version_id)


def test_rebuilds_keep_the_original_s_file():
    """Oracle's own file is asked before the one it keeps of Red Hat."""
    files = {
        "etc/redhat-release": b"Red Hat Enterprise Linux release 8.9 (Ootpa)\n",
        "etc/oracle-release": b"Oracle Linux Server release 8.9\n",
    }
    system = operating_system(files)
    assert system is not None
    assert "ol" == system.id


def test_stream_without_os_release():
    """CentOS Stream is told from CentOS Linux by the old file too."""
    system = operating_system({"etc/centos-release": b"CentOS Stream release 8\n"})
    assert OperatingSystem(id="centos", version_id="8", name="CentOS Stream", variant="stream") == system


@pytest.mark.parametrize(
    ("id_", "namespace"),
    [
        ("rhel", "redhat"),
        ("opensuse-leap", "opensuse"),
        ("opensuse-tumbleweed", "opensuse"),
        ("sles", "suse"),
        ("sl-micro", "suse"),
        ("debian", "debian"),
        ("fedora", "fedora"),
        ("arch", "arch"),
    ],
)
def test_namespaces(id_: str, namespace: str):
    """The namespace of a purl is the vendor's short name."""
    assert namespace == namespace_of(OperatingSystem(id=id_))


def test_unknown_system_is_told():
    """A release file that names nothing known is a remark, no file at all is none."""
    assert () == system_unknowns({})
    assert ["etc/os-release"] == [one.subject for one in system_unknowns({"etc/os-release": b"NAME=x\n"})]
    assert not system_unknowns({"etc/os-release": b"NAME=x\n"})[0].incomplete


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([*FILES, "etc/apk/repositories"]), st.binary(max_size=200)))
def test_any_bytes(files: dict[str, bytes]):
    """No bytes make it fail, and every value is printable and short."""
    system = operating_system(files)
    system_unknowns(files)
    if system is not None:
        for value in (system.id, system.version_id, system.codename, system.name, system.variant, system.cpe):
            assert value.isprintable()
            assert len(value) <= 256
