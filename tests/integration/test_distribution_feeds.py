"""Verdicts about rpm and Arch packages, derived by hand from the feeds' documents: import, file, matching."""

from typing import Any

import pytest

from advisory_data import check_line as check
from advisory_data import import_into
from shared import shared
from tidewaiter.adapters.store import open_advisories

pytestmark = pytest.mark.corpus

ALMA = "advisories/almalinux-osv.jsonl.gz"
MARINER = "advisories/cbl-mariner-1.0-oval.xml.gz"
AZURE = "advisories/azurelinux-3.0-oval.xml.gz"


def line(file: str, os: str, package: str, version: str, cve: str, expect: str, because: str, **more: str) -> Any:
    """Return one expected verdict; `package` may be `binary/source`."""
    name, _, source = package.partition("/")
    system, _, release = os.partition(":")
    return {
        "file": file,
        "os": system,
        "release": release,
        "package": name,
        "installed_version": version,
        "cve": cve,
        "expect": expect,
        "because": because,
        **({"source_package": source, "source_version": version} if source else {}),
        **more,
    }


LINES = [
    # AlmaLinux: the stream stands in the summary, "Important: nodejs:18 security update"
    line(
        ALMA,
        "almalinux:8.7",
        "nodejs",
        "1:16.17.0-1.module_el8.6.0+3320+1",
        "CVE-2022-35256",
        "affected",
        "ALSA-2022:6964",
        module="nodejs:16",
        fixed_version="1:16.17.1-1.module_el8.6.0+3328+2e4711d7",
    ),
    line(
        ALMA,
        "almalinux:8.7",
        "nodejs",
        "1:16.17.1-1.module_el8.6.0+3328+2e4711d7",
        "CVE-2022-35256",
        "fixed",
        "the fix of nodejs:18 does not concern 16",
        module="nodejs:16",
    ),
    line(
        ALMA,
        "almalinux:8.7",
        "nodejs",
        "1:18.9.0-1.module_el8.7.0+3300+1",
        "CVE-2022-35256",
        "affected",
        "ALSA-2022:7821",
        module="nodejs:18",
        fixed_version="1:18.9.1-1.module_el8.7.0+3343+ea2b7901",
    ),
    line(
        ALMA,
        "almalinux:8.7",
        "nodejs",
        "1:10.1-1.module_el8.7.0+1+1",
        "CVE-2022-35256",
        "unknown",
        "no row speaks of nodejs:10",
        module="nodejs:10",
    ),
    line(
        ALMA,
        "almalinux:10.0",
        "firefox",
        "128.11.0-1.el10_0",
        "CVE-2025-6430",
        "affected",
        "ALSA-2025:10073",
        fixed_version="128.12.0-1.el10_0",
    ),
    # Oracle: architectures, modules, flavours
    line(
        "feeds/oracle/elsa-per-arch.xml",
        "ol:7.9",
        "rsyslog",
        "8.24.0-57.0.2.el7_9.3",
        "CVE-2022-24903",
        "affected",
        "aarch64 is fixed in .0.4",
        arch="aarch64",
        fixed_version="8.24.0-57.0.4.el7_9.3",
    ),
    line(
        "feeds/oracle/elsa-per-arch.xml",
        "ol:7.9",
        "rsyslog",
        "8.24.0-57.0.2.el7_9.3",
        "CVE-2022-24903",
        "fixed",
        "x86_64 is fixed in .0.1",
        arch="x86_64",
    ),
    line(
        "feeds/oracle/elsa-vdu.xml.bz2",
        "ol:8.7",
        "hivex",
        "1.3.18-20.module+el8.7.0+1+1",
        "CVE-2022-2211",
        "unknown",
        "another CVE",
        arch="aarch64",
        module="virt:kvm_utils",
    ),
    line(
        "feeds/oracle/elsa-ksplice.xml",
        "ol:8.3",
        "openssl",
        "2:1.1.1g-14.ksplice1.el8_3",
        "CVE-2021-3449",
        "affected",
        "ksplice build below the ksplice fix",
        arch="x86_64",
        fixed_version="2:1.1.1g-15.ksplice1.el8_3",
    ),
    line(
        "feeds/oracle/elsa-ksplice.xml",
        "ol:8.3",
        "openssl",
        "1:1.1.1g-14.el8_3",
        "CVE-2021-3449",
        "unknown",
        "a plain build is not judged by ksplice rows",
        arch="x86_64",
    ),
    # Amazon: core and extras
    line(
        "feeds/amazon/updateinfo_2023.xml.gz",
        "amzn:2023",
        "rsyslog-mmaudit",
        "8.2204.0-3.amzn2023.0.1",
        "CVE-2022-24903",
        "affected",
        "ALAS2023-2023-001",
        arch="x86_64",
        fixed_version="8.2204.0-3.amzn2023.0.2",
    ),
    line(
        "feeds/amazon/updateinfo_2.xml.gz",
        "amzn:2",
        "kernel",
        "4.9.70-1.amzn2",
        "CVE-2017-5754",
        "affected",
        "ALAS2-2018-939",
        arch="x86_64",
        fixed_version="4.9.76-38.79.amzn2",
    ),
    line(
        "feeds/amazon/updateinfo_2.xml.gz",
        "amzn:2",
        "kernel",
        "4.9.70-1.amzn2",
        "CVE-2017-5754",
        "unknown",
        "the row lists x86_64 only",
        arch="aarch64",
    ),
    line(
        "feeds/amazon/updateinfo_2_kernel-5.15.xml.gz",
        "amzn:2",
        "kernel",
        "4.14.355-1.amzn2",
        "CVE-2022-23222",
        "unknown",
        "the extra kernel-5.15 does not speak of 4.14",
        arch="x86_64",
    ),
    line(
        "feeds/amazon/updateinfo_2_kernel-5.15.xml.gz",
        "amzn:2",
        "kernel",
        "5.15.40-1.amzn2",
        "CVE-2022-23222",
        "affected",
        "5.15 below 5.15.43-20.123",
        arch="x86_64",
        fixed_version="5.15.43-20.123.amzn2",
    ),
    # SUSE: products, operations
    line(
        "feeds/suse/oval/opensuse.leap.15.2.xml.gz",
        "opensuse-leap:15.2",
        "fastjar",
        "0.98-lp152.4.2",
        "CVE-2010-2322",
        "affected",
        "comment says installed, operation says less than",
        arch="x86_64",
        fixed_version="0.98-lp152.4.3.1",
    ),
    line(
        "feeds/suse/oval/opensuse.leap.15.2.xml.gz",
        "opensuse-leap:15.2",
        "fastjar",
        "0.98-lp152.4.3.1",
        "CVE-2010-2322",
        "fixed",
        "equal to the bound",
        arch="x86_64",
    ),
    line(
        "feeds/suse/oval/opensuse.leap.15.2.xml.gz",
        "opensuse-leap:15.3",
        "fastjar",
        "0.98-lp152.4.2",
        "CVE-2010-2322",
        "unknown",
        "another product",
        arch="x86_64",
    ),
    line(
        "feeds/suse/oval/opensuse.tumbleweed.xml.gz",
        "opensuse-tumbleweed:20260101",
        "tar",
        "1.34-2.1",
        "CVE-2001-1267",
        "affected",
        "product test >= 20210101",
        arch="x86_64",
        fixed_version="1.34-2.2",
    ),
    line(
        "feeds/suse/oval/suse.linux.enterprise.micro.5-affected.xml.gz",
        "sle-micro:5.2",
        "kernel-default",
        "5.3.18-150300.59.1",
        "CVE-1999-0524",
        "unknown",
        "the document has another CVE",
        arch="x86_64",
    ),
    # Azure Linux and Mariner: by spec
    line(
        AZURE,
        "azurelinux:3.0",
        "liboath/oath-toolkit",
        "2.6.7-2.azl3",
        "CVE-2024-47191",
        "affected",
        "def 50124",
        fixed_version="2.6.7-3.azl3",
    ),
    line(
        AZURE, "azurelinux:3.0", "liboath/oath-toolkit", "2.6.7-3.azl3", "CVE-2024-47191", "fixed", "equal to the bound"
    ),
    line(
        AZURE, "mariner:2.0", "liboath/oath-toolkit", "2.6.7-2.cm2", "CVE-2024-47191", "unknown", "another distribution"
    ),
    # Photon: by binary and by source
    line(
        "feeds/photon/a/cve_data_photon4.0.json",
        "photon:4.0",
        "curl-libs",
        "8.15.0-1.ph4",
        "CVE-2025-9086",
        "affected",
        "row curl-libs",
        fixed_version="8.16.0-1.ph4",
    ),
    line(
        "feeds/photon/a/cve_data_photon5.0.json",
        "photon:5.0",
        "consul",
        "1.0-1.ph5",
        "BDSA-2025-13833",
        "not_affected",
        "status Not Affected",
    ),
    line(
        "feeds/photon/b/cve_data_photon4.0.json",
        "photon:4.0",
        "python3",
        "3.10-1.ph4",
        "CVE-2023-50447",
        "unknown",
        "Fixed without a version is no fix",
    ),
    line(
        "feeds/photon/com.vmware.phsa-photon3.oval.xml.gz",
        "photon:3.0",
        "sqlite-libs",
        "3.27.2-4.ph3",
        "CVE-2019-16168",
        "affected",
        "PHSA-2020:00001",
        fixed_version="3.27.2-5.ph3",
    ),
    # Rocky: OSV by source, updateinfo by binary, architecture and module
    line(
        "feeds/rocky/osv-rocky.jsonl.gz",
        "rocky:8.9",
        "openssl-libs/openssl",
        "1:1.1.1k-11.el8_9",
        "CVE-2023-3446",
        "affected",
        "RLSA-2023:7877",
        fixed_version="1:1.1.1k-12.el8_9",
    ),
    line(
        "feeds/rocky/updateinfo/vlu-updateinfo.xml",
        "rocky:8.4",
        "lz4",
        "1.8.3-2.el8",
        "CVE-2021-3520",
        "affected",
        "RLSA-2021:2575",
        arch="x86_64",
        fixed_version="1.8.3-3.el8_4",
    ),
    line(
        "feeds/rocky/updateinfo/vlu-updateinfo.xml",
        "rocky:8.4",
        "lz4",
        "1.8.3-2.el8",
        "CVE-2021-3520",
        "unknown",
        "x86_64 only",
        arch="aarch64",
    ),
    line(
        "feeds/rocky/errata-page1.json",
        "rocky:10.1",
        "delve",
        "1.25.1-1.el10",
        "CVE-2025-58183",
        "affected",
        "RLSA-2025:21816",
        arch="aarch64",
        fixed_version="1.25.2-1.el10_1",
    ),
    # Arch
    line(
        "feeds/arch/all-1.json",
        "arch:",
        "libtiff",
        "4.0.8-1",
        "CVE-2015-7554",
        "affected",
        "AVG-5",
        fixed_version="4.0.8-2",
    ),
    line("feeds/arch/all-1.json", "arch:", "libtiff", "4.0.8-2", "CVE-2015-7554", "fixed", "AVG-5"),
    line(
        "feeds/arch/all-3.json",
        "arch:",
        "python-pyjwt",
        "2.3.0-1",
        "CVE-2022-29217",
        "unknown",
        "status Unknown, although a fix is named",
    ),
]


@pytest.fixture(scope="module")
def of_file(tmp_path_factory):
    """Return the data of one file alone, each imported once."""
    opened = {}

    def data(name):
        if name not in opened:
            database = tmp_path_factory.mktemp("file") / "db"
            import_into(database, shared(name))
            opened[name] = open_advisories(database)
        return opened[name]

    yield data
    for one in opened.values():
        one.close()


@pytest.mark.parametrize("expected", LINES, ids=lambda one: f"{one['package']}-{one['expect']}-{one['because']}")
def test_verdicts(expected, of_file):
    """The document alone gives the verdict."""
    check(expected, of_file(expected["file"]))
