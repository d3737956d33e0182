"""Every document of the shared feeds and advisories: which feed takes it, how much it gives, why others are left out."""

import json
from collections.abc import Iterator

import pytest

from shared import shared
from tidewaiter.adapters.documents import OpenDocument, open_documents
from tidewaiter.adapters.feeds import BUILTIN
from tidewaiter.adapters.feeds.left_out import why_left_out
from tidewaiter.core.vuln.advisory import Record
from tidewaiter.ports.advisories import DocumentError, Notes

pytestmark = pytest.mark.corpus
FOLDERS = ("feeds", "advisories")

# Beginnings of names, and the feed whose documents they are.
OWNERS = {
    "advisories/bitnami": "bitnami-vulndb",
    "advisories/crates": "osv",
    "advisories/ghsa": "osv",
    "advisories/go-osv": "go-vulndb",
    "advisories/k8s": "kubernetes-feed",
    "advisories/maven-victims": "victims",
    "advisories/node-core": "nodejs-core",
    "advisories/npm-retirejs": "retirejs",
    "advisories/npm-security": "npm-security-wg",
    "advisories/packagist": "friendsofphp",
    "advisories/pypi": "osv",
    "advisories/rubygems": "rubysec",
    "advisories/rustsec": "rustsec",
    "advisories/vulnrichment": "vulnrichment",
    "feeds/malicious/": "malicious-packages",
    "advisories/almalinux-osv": "almalinux-osv",
    "advisories/azurelinux": "azure-oval",
    "advisories/cbl-mariner": "azure-oval",
    "advisories/kev": "kev",
    "advisories/epss": "epss",
    "feeds/amazon/updateinfo": "amazon-updateinfo",
    "feeds/arch/": "arch-security",
    "feeds/bottlerocket/": "bottlerocket",
    "feeds/debian/D": "debian-advisories",
    "feeds/debian/data": "debian-tracker",
    "feeds/debian/osv": "osv",
    "feeds/endoflife/": "end-of-life",
    "feeds/fedora/epel6-updateinfo": "fedora-updateinfo",
    "feeds/fedora/f38-modular-updateinfo": "fedora-updateinfo",
    "feeds/fedora/f43-updateinfo": "fedora-updateinfo",
    "feeds/oracle/": "oracle-oval",
    "feeds/photon/a/cve": "photon",
    "feeds/photon/b/cve": "photon",
    "feeds/photon/c/cve": "photon",
    "feeds/photon/com": "photon-oval",
    "feeds/rocky/errata": "rocky-errata",
    "feeds/rocky/org": "rocky-oval",
    "feeds/rocky/osv": "rocky-osv",
    "feeds/rocky/updateinfo/AppStream-u": "rocky-updateinfo",
    "feeds/rocky/updateinfo/BaseOS": "rocky-updateinfo",
    "feeds/rocky/updateinfo/vlu": "rocky-updateinfo",
    "feeds/suse/osv": "suse-osv",
    "feeds/suse/oval": "suse-oval",
}
# Documents that are right and hold nothing to match, each with its reason.
EMPTY = {
    "feeds/fedora/epel6-updateinfo.xml.bz2": "bug fixes only",
    "feeds/fedora/f38-modular-updateinfo.xml.xz": "the excerpt has no packages",
    "feeds/fedora/f43-updateinfo.xml.zst": "bug fixes only",
    "feeds/rocky/errata-page2.json": "bug fixes only",
    "feeds/suse/osv.tar.bz2: osv/SUSE-SU-2015:0011-2.json": "`affected` is empty",
    "feeds/suse/osv.tar.bz2: osv/all.json": "an index in the form of records",
    "feeds/suse/oval/suse.linux.enterprise.12-affected.xml.gz": "the excerpt lacks the tests of its criteria",
    "feeds/suse/oval/suse.linux.enterprise.15-affected.xml.gz": "the excerpt lacks the tests of its criteria",
    "feeds/suse/oval/suse.linux.enterprise.16-affected.xml.gz": "the excerpt lacks the tests of its criteria",
    "feeds/suse/oval/suse.linux.enterprise.16-patch.xml.gz": "the excerpt lacks the tests of its criteria",
}
LEFT_OUT = {
    "feeds/amazon/alas": "a news feed",
    "feeds/amazon/html": "a page for people",
    "feeds/amazon/repomd": "an index",
    "feeds/amazon/extras": "Amazon's catalogue",
    "feeds/debian/CVE-list": "the notes from which",
    "feeds/fedora/f38-modular-modules": "a list of modules",
    "feeds/rocky/updateinfo/AppStream-modules": "a list of modules",
    "feeds/photon/a/photon_versions": "a list of branches",
    "feeds/suse/csaf-vex.tar.bz2: csaf-vex/index": "an index",
    "feeds/redhat/csaf-advisories": "a notice by product",
}


def documents(folder: str) -> Iterator[tuple[str, OpenDocument]]:
    """Yield (name from the shared folder on, document) of a folder."""
    root = shared(folder)
    for document in open_documents(root):
        assert not isinstance(document, DocumentError), str(document)
        yield folder + document.name.removeprefix(str(root)), document


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_document_has_its_feed(folder):
    """Documents are taken by their own feed, which reads them to the end; others are left out with a reason."""
    wrong: dict[str, str] = {}
    for name, document in documents(folder):
        head = document.head()
        feed = next((one for one in BUILTIN if one.accepts(head)), None)
        owner = next((owner for start, owner in OWNERS.items() if name.startswith(start)), None)
        if feed is None:
            reason = why_left_out(head)
            expected = next((text for start, text in LEFT_OUT.items() if name.startswith(start)), "")
            if owner is not None or (expected and not reason.startswith(expected)):
                wrong[name] = f"no feed takes it ({reason})"
            continue
        if owner is not None and owner != feed.id:
            wrong[name] = f"{feed.id} takes it, not {owner}"
        notes = Notes(name)
        items = 0
        try:
            items = sum(1 for _ in feed.read(document.stream(), notes))
        except DocumentError as error:
            wrong[name] = str(error)
        if owner is not None and (items == 0) != (name in EMPTY):
            wrong[name] = f"{items} items, problems {[str(one) for one in notes.problems[:3]]}"
    assert {} == wrong


def test_manifest_is_covered():
    """Every file of the manifest was found, so none was passed over without a word."""
    listed = {entry["file"] for entry in json.loads(shared("feeds/MANIFEST.json").read_text())["entries"]}
    seen = {name.removeprefix("feeds/").partition(": ")[0] for name, _ in documents("feeds")}
    assert set() == listed - seen - {"README.md"}


def records(name: str, feed_id: str) -> list[Record]:
    """Return what the feed of a document gives."""
    found: list[Record] = []
    for document in open_documents(shared(name)):
        assert isinstance(document, OpenDocument)
        feed = next(one for one in BUILTIN if one.accepts(document.head()))
        assert feed_id == feed.id
        found += [item for item in feed.read(document.stream(), Notes(name)) if isinstance(item, Record)]
    return found


def said(name: str, feed_id: str, cve: str, package: str) -> set[tuple[str, str, str]]:
    """Return (place, versions, status) of every statement about a package and CVE."""
    return {
        (one.key.place, str(one.interval), one.status.value)
        for record in records(name, feed_id)
        if record.id == cve
        for one in record.statements
        if one.key.name == package
    }


def test_suse_reads_operations():
    """Comments that say "is installed" stand for "less than"; "equals 0" is not affected (decision 8.10)."""
    micro = "feeds/suse/oval/suse.linux.enterprise.micro.5-affected.xml.gz"
    kernel = [
        one for record in records(micro, "suse-oval") for one in record.statements if one.key.name == "kernel-default"
    ]
    assert {"not_affected"} == {one.status.value for one in kernel}
    assert {"micro-5.0", "micro-5.1", "micro-5.2", "micro-5.3", "micro-5.4"} == {one.key.release for one in kernel}
    leap = said("feeds/suse/oval/opensuse.leap.15.2.xml.gz", "suse-oval", "CVE-2010-2322", "fastjar")
    assert {("openSUSE:15.2", "< 0:0.98-lp152.4.3.1", "affected")} == leap


def test_oracle_tells_architectures_and_modules():
    """One package has one fix per architecture, and a module's build holds for its stream only."""
    per_arch = [
        (one.qualifiers.arches, one.interval.hi)
        for record in records("feeds/oracle/elsa-per-arch.xml", "oracle-oval")
        for one in record.statements
        if one.key.name == "rsyslog" and record.id == "CVE-2022-24903"
    ]
    assert [(("aarch64",), "0:8.24.0-57.0.4.el7_9.3"), (("x86_64",), "0:8.24.0-57.0.1.el7_9.3")] == per_arch
    modular = [
        one.qualifiers.module
        for record in records("feeds/oracle/elsa-vdu.xml.bz2", "oracle-oval")
        for one in record.statements
        if one.key.name == "hivex"
    ]
    assert {"virt:kvm_utils"} == {*modular}


def test_photon_branches():
    """Rows of all branches are told apart although the document's text names none."""
    assert {("Photon OS:4.0", "< 8.16.0-1.ph4", "affected")} == said(
        "feeds/photon/a/cve_data_photon4.0.json", "photon", "CVE-2025-9086", "curl"
    )
    assert {("Photon OS:5.0", "every version", "not_affected")} == said(
        "feeds/photon/a/cve_data_photon5.0.json", "photon", "BDSA-2025-13833", "consul.src"
    )


def test_alma_modules_and_doubles():
    """A record that comes three times keeps the packages of every copy, and modular fixes carry their stream."""
    found = records("advisories/almalinux-osv.jsonl.gz", "almalinux-osv")
    streams = {
        one.qualifiers.module for record in found for one in record.statements if one.key.name in {"nodejs", "npm"}
    }
    assert {"nodejs:10", "nodejs:12", "nodejs:14", "nodejs:16", "nodejs:18", "nodejs:20"} <= streams
    assert all(record.id.startswith("CVE-") or record.record.startswith("ALSA-") for record in found)
