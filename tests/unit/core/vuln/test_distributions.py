"""From systems and OSV's texts to ecosystems and releases."""

import pytest

from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.vuln import suse, ubuntu
from tidewaiter.core.vuln.distributions import distribution, rpm_flavour, source_name, split_ecosystem
from tidewaiter.core.vuln.ecosystems import keys_of, normalised


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (OperatingSystem(id="debian", version_id="12.5"), ("Debian", "12")),
        (OperatingSystem(id="debian", codename="sid"), ("Debian", "sid")),
        (OperatingSystem(id="ubuntu", version_id="22.04"), ("Ubuntu", "22.04")),
        (OperatingSystem(id="ubuntu", codename="jammy"), ("Ubuntu", "22.04")),
        (OperatingSystem(id="alpine", version_id="3.20.3"), ("Alpine", "3.20")),
        (OperatingSystem(id="alpine", version_id="3.20.3", repositories=("v3.20", "v3.9")), ("Alpine", "3.20")),
        (OperatingSystem(id="alpine", version_id="3.20.3", repositories=("edge", "v3.20")), ("Alpine", "edge")),
        (OperatingSystem(id="alpine", version_id="3.23_alpha20250612"), ("Alpine", "edge")),
        (OperatingSystem(id="alpine", repositories=("https://x/alpine/v3.20/main",)), ("Alpine", "3.20")),
        (OperatingSystem(id="wolfi", version_id="20230201"), ("Wolfi", "")),
        (OperatingSystem(id="rhel", version_id="9.4"), ("Red Hat", "9")),
        (OperatingSystem(id="centos", version_id="7"), ("Red Hat", "7")),
        (OperatingSystem(id="amzn", version_id="2018.03"), ("Amazon Linux", "1")),
        (OperatingSystem(id="amzn", version_id="2022"), ("Amazon Linux", "2022")),
        (OperatingSystem(id="sles", version_id="15.5"), ("SUSE", "15.5")),
        (OperatingSystem(id="sle-micro", version_id="5.2"), ("SUSE", "micro-5.2")),
        (OperatingSystem(id="opensuse-tumbleweed", version_id="20240101"), ("openSUSE", "tumbleweed")),
        (OperatingSystem(id="azurelinux", version_id="3.0.20240727"), ("Azure Linux", "3.0")),
        (OperatingSystem(id="photon", version_id="5.0"), ("Photon OS", "5.0")),
        (OperatingSystem(id="arch"), ("Arch Linux", "")),
        (OperatingSystem(id="nixos", version_id="24.05", name="NixOS"), ("NixOS", "24.05")),
    ],
)
def test_systems(system, expected):
    """Each system is found under the name and release that its advisories use."""
    assert expected == distribution(system)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Debian:12", ("Debian", "12")),
        ("Ubuntu:Pro:FIPS-updates:18.04:LTS", ("Ubuntu", "18.04")),
        ("Alpine:v3.20", ("Alpine", "3.20")),
        ("Red Hat:enterprise_linux:9::baseos", ("Red Hat", "9")),
        ("SUSE:Linux Enterprise Server 15 SP5", ("SUSE", "15.5")),
        ("openSUSE:Leap 15.6", ("openSUSE", "15.6")),
        ("Azure Linux:3", ("Azure Linux", "3.0")),
        ("Wolfi", ("Wolfi", "")),
        ("npm", ("npm", "")),
    ],
)
def test_osv_ecosystems(text, expected):
    """OSV's texts lead to the same names."""
    assert expected == split_ecosystem(text)


@pytest.mark.parametrize(
    ("ecosystem", "distro", "expected"),
    [
        ("Ubuntu:22.04:LTS", "jammy", ""),
        ("Ubuntu:Pro:22.04:LTS", "esm-apps/jammy", "ubuntu-pro:esm-apps"),
        ("Ubuntu:Pro:14.04:LTS", "trusty/esm", "ubuntu-pro:esm-infra"),
        ("Ubuntu:Pro:14.04:LTS", "esm-infra-legacy/trusty", "ubuntu-pro:esm-infra"),
        ("Ubuntu:Pro:FIPS-updates:18.04:LTS", "", "ubuntu-pro:fips-updates"),
        ("Ubuntu:Pro:18.04:LTS", "", "ubuntu-pro"),
    ],
)
def test_channels_of_ubuntu(ecosystem, distro, expected):
    """What a fix needs follows from ecosystem and purl."""
    assert expected == ubuntu.channel_of(ecosystem, distro)
    assert ("22.04", "16.04", "") == tuple(ubuntu.distro_release(t) for t in ("esm-apps/jammy", "xenial/esm", "sid"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SUSE Linux Enterprise Server 15 SP5", ("SUSE", "15.5", "")),
        ("SUSE Linux Enterprise Module for Basesystem 15 SP4", ("SUSE", "15.4", "")),
        ("SUSE Linux Enterprise Server 15 SP3-LTSS", ("SUSE", "15.3", "suse:ltss")),
        ("SUSE Linux Enterprise Server for SAP Applications 12 SP5", ("SUSE", "12.5", "")),
        ("SUSE Linux Enterprise Server 12", ("SUSE", "12", "")),
        ("SUSE Linux Enterprise Server 16.0", ("SUSE", "16.0", "")),
        ("SUSE Linux Enterprise Micro 5.2", ("SUSE", "micro-5.2", "")),
        ("SUSE Linux Micro 6.0", ("SUSE", "micro-6.0", "")),
        ("openSUSE Leap 15.6", ("openSUSE", "15.6", "")),
        ("openSUSE Leap Micro 5.2", ("openSUSE", "micro-5.2", "")),
        ("openSUSE Tumbleweed", ("openSUSE", "tumbleweed", "")),
        ("SUSE Linux Enterprise Live Patching 15 SP4", None),
        ("HPE Helion OpenStack 8", None),
    ],
)
def test_products_of_suse(text, expected):
    """A product is a release of an ecosystem, or nothing that images run."""
    assert expected == suse.product(text)


def test_keys_of_rpms():
    """A binary is looked up by its own name and by its source's, which ends in `.src`."""
    package = Package(type="rpm", name="openssl-libs", version="1:3.0.7-24.el9", source_name="openssl")
    keys = keys_of(package, OperatingSystem(id="rhel", version_id="9.4"))
    assert [("Red Hat", "9", "openssl-libs"), ("Red Hat", "9", "openssl.src")] == [
        (key.ecosystem, key.release, key.name) for key in keys
    ]
    assert "x.src" == source_name("x.src") == source_name("x")
    assert () == keys_of(package, OperatingSystem(id="debian", version_id="12"))
    assert () == keys_of(package, None)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("10:1.1.1k-9.0.1.el8_9_fips", "fips"),
        ("2:2.28-151.0.1.ksplice1.el8", "ksplice"),
        ("2.28-151.0.1.el8", ""),
    ],
)
def test_flavours_of_rpms(version, expected):
    """Oracle marks builds that are never compared with the plain ones."""
    assert expected == rpm_flavour(version)


def test_names():
    """Each ecosystem folds exactly what it does not tell apart."""
    assert "newtonsoft.json" == normalised("NuGet", "Newtonsoft.Json")
    assert "github.com/apple/swift-nio" == normalised("SwiftURL", "https://github.com/apple/Swift-NIO.git")
    assert "github.com/apple/swift-nio" == normalised("SwiftURL", "github.com/apple/swift-nio")
    assert "mongooseim" == normalised("Hex", "MongooseIM")
    assert "JSONStream" == normalised("npm", "JSONStream")
