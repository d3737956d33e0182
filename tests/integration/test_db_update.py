"""`tidewaiter db update` against a server with faults: what is there stays in every failure."""

import gzip
import hashlib
import json
import os
from pathlib import Path

import pytest

from commands import tidewaiter
from feed_server import Fault, FeedServer
from shared import SHARED, shared
from tidewaiter import wiring
from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.documents import open_documents
from tidewaiter.adapters.feed_source import SourceLimits
from tidewaiter.adapters.feeds import registry
from tidewaiter.adapters.store import build_advisories, damage, describe, open_advisories
from tidewaiter.cli import main
from tidewaiter.core.vuln import PackageKey
from tidewaiter.operations.advisories import import_advisories
from tidewaiter.ports.advisories import AdvisoryError

pytestmark = pytest.mark.enable_socket
CASES = Path(__file__).parents[1] / "contract" / "feeds"
KEV = (CASES / "kev" / "good.json").read_bytes()
ARCH = (CASES / "arch-security" / "good.json").read_bytes()
LIMITS = SourceLimits(attempts=1, wait=0)


def osv(version, name="x"):
    """Return an OSV document."""
    record = {"id": "MAL-1", "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": name}, "versions": [version]}]}  # fmt: skip
    return json.dumps([record]).encode()


@pytest.fixture
def server():
    """Return a running server."""
    with FeedServer() as running:
        running.put("/kev.json", KEV)
        running.put("/npm.json", osv("1"))
        running.put("/arch.json", ARCH)
        yield running


@pytest.fixture
def feeds(tmp_path, server):
    """Return a list of feeds that lie on the server."""
    listed = {
        "kev": {"ecosystems": ["*"], "urls": [server.address + "/kev.json"]},
        "npm": {"ecosystems": ["npm"], "urls": [server.address + "/npm.json"]},
        "arch": {"ecosystems": ["Arch Linux"], "urls": [server.address + "/arch.json"]},
    }
    path = tmp_path / "feeds.yaml"
    path.write_text(json.dumps({"feeds": listed}))
    return path


def update(feeds, database, *wanted, everything=False):
    """Run an update without waiting."""
    options = wiring.UpdateOptions(wanted=wanted, feeds=str(feeds), limits=LIMITS, everything=everything)
    return wiring.run_update(options, database=database, progress=lambda _: None)


def call(capsys, *arguments):
    """Run the command line; return exit code, output and errors."""
    with pytest.raises(SystemExit) as caught:
        main(["db", *map(str, arguments)])
    captured = capsys.readouterr()
    return caught.value.code, captured.out, captured.err


def versions(database, name="x"):
    """Return the versions of the npm package that the data calls malicious."""
    key = PackageKey(ecosystem="npm", name=name)
    with open_advisories(database) as data:
        return sorted(row.interval.hi for row in data.rows([key]).get(key, ()))


def test_needed_feeds_are_taken(tmp_path, server, feeds):
    """The first time a person says what is needed, later the data itself does; what did not change is left alone."""
    database = tmp_path / "db"
    with pytest.raises(AdvisoryError, match="nothing tells which feeds") as caught:
        update(feeds, database)
    assert "--for" in caught.value.advice
    first = update(feeds, database, "npm")
    assert (["kev", "npm"], True) == ([name for name, _ in first.imported], first.is_complete)
    assert ["/kev.json", "/npm.json"] == server.paths()
    before = database.read_bytes()
    second = update(feeds, database)
    assert (("kev", "npm"), ()) == (second.unchanged, second.imported)
    assert before == database.read_bytes()
    server.put("/npm.json", osv("2").replace(b"2026-01", b"2026-02"), 1_700_000_100.0)
    third = update(feeds, database)
    assert (["npm"], ("kev",)) == ([name for name, _ in third.imported], third.unchanged)
    assert ["2"] == versions(database)
    assert ["kev", "npm", "arch"] == [*dict(update(feeds, tmp_path / "all", everything=True).imported)]


def test_scans_tell_what_is_needed(tmp_path, capsys, monkeypatch, feeds):
    """Without data, an update takes the feeds of what was scanned here."""
    monkeypatch.setenv("TIDEWAITER_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("TIDEWAITER_DB", str(tmp_path / "db"))
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "os-release").write_text("")
    place = tree / "usr/lib/node_modules/x"
    place.mkdir(parents=True)
    (place / "package.json").write_text('{"name": "x", "version": "1"}')
    with pytest.raises(SystemExit):
        main(["scan", f"fs:{tree}"])
    capsys.readouterr()
    code, out, _ = call(capsys, "update", "--feeds", feeds)
    assert (0, True, False) == (code, "npm 1" in out, "arch" in out)


def test_another_file_is_filled_anew(tmp_path, feeds):
    """After the file was taken back, documents that did not change are imported again."""
    database = tmp_path / "db"
    update(feeds, database, "npm")
    database.unlink()
    assert ["kev", "npm"] == [name for name, _ in update(feeds, database, "npm").imported]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=404),
        Fault(status=429),
        Fault(status=503),
        Fault(cut=20),
        Fault(status=302, headers={"Location": "/x"}),
    ],
    ids=["gone", "limit", "down", "cut", "moved away"],
)
def test_one_dead_feed_costs_nobody_else(tmp_path, server, feeds, fault):
    """Others are brought up to date, its own earlier data stays, and the run says that it is incomplete."""
    database = tmp_path / "db"
    update(feeds, database, "npm", "arch")
    server.put("/kev.json", KEV.replace(b"2", b"3"), 1_700_000_100.0)
    server.put("/npm.json", osv("2"), 1_700_000_100.0)
    server.faults["/npm.json"] = [fault] * 3
    result = update(feeds, database)
    assert (["npm"], False) == ([name for name, _ in result.failed], result.is_complete)
    assert ["1"] == versions(database)
    assert [] == list(damage(database))
    server.faults.clear()
    assert ["1", "2"] == (update(feeds, database), versions(database))[1]


@pytest.mark.parametrize(
    "document",
    [b"<!doctype html><p>sign in</p>", b"", b"nonsense", osv("2")[:-9]],
    ids=["a portal's page", "empty", "nonsense", "half an array"],
)
def test_file_stays_when_documents_are_wrong(tmp_path, server, feeds, document):
    """A document that is not the feed, or half of it, never changes the file."""
    database = tmp_path / "db"
    only = tmp_path / "only.yaml"
    only.write_text(json.dumps({"feeds": {"npm": {"ecosystems": ["npm"], "urls": [server.address + "/npm.json"]}}}))
    update(only, database, "npm")
    before = database.read_bytes()
    server.put("/npm.json", document, 1_700_000_100.0)
    with pytest.raises(AdvisoryError) as caught:
        update(only, database)
    assert "not touched" in caught.value.advice
    assert before == database.read_bytes()


def test_nothing_can_be_had(tmp_path, capsys, server, feeds):
    """Without any answer the exit code is 2, the file stays, and the reason is told."""
    database = tmp_path / "db"
    update(feeds, database, "npm")
    for note in (tmp_path / "db.feeds").iterdir():
        note.unlink()
    before = database.read_bytes()
    server.documents.clear()
    code, out, err = call(capsys, "update", "--feeds", feeds, "--db", database)
    assert (2, "") == (code, out)
    assert "kev: http://" in err
    assert "answered 404" in err
    assert before == database.read_bytes()


def test_wrong_checksum_keeps_the_file(tmp_path, server):
    """A digest that does not fit makes a document as good as none."""
    database = tmp_path / "db"
    server.put("/npm.sha256", hashlib.sha256(osv("1")).hexdigest().encode())
    feed = {"ecosystems": ["npm"], "urls": [server.address + "/npm.json"], "checksum": server.address + "/npm.sha256"}
    listed = tmp_path / "feeds.yaml"
    listed.write_text(json.dumps({"feeds": {"npm": feed}}))
    update(listed, database, "npm")
    before = database.read_bytes()
    server.put("/npm.json", osv("2"), 1_700_000_100.0)
    result = update(listed, database)
    assert result.unchanged == ("npm",)
    server.put("/npm.sha256", b"1" * 64, 1_700_000_100.0)
    result = update(listed, database)
    assert [("npm", True)] == [(name, "is stated" in reason) for name, reason in result.failed]
    assert before == database.read_bytes()


def test_command_tells_what_it_did(tmp_path, capsys, feeds):
    """Records by feed, then what was unchanged; names that no feed has are refused with those that exist."""
    database = tmp_path / "db"
    code, out, err = call(capsys, "update", "--for", "npm,arch", "--feeds", feeds, "--db", database)
    assert (0, "") == (code, err)
    assert "kev" in out
    assert "npm 1" in out
    assert (0, "unchanged: kev, npm, arch\n", "") == call(capsys, "update", "--feeds", feeds, "--db", database)
    code, _, err = call(capsys, "update", "--for", "windows", "--feeds", feeds, "--db", database)
    assert 2 == code
    assert "known are Arch Linux, npm" in err


# --- ready-made databases -----------------------------------------------------------------------------------------


@pytest.fixture
def published(tmp_path, capsys, server):
    """Return a signed database on the server: its address, its file, and the public key."""
    folder = tmp_path / "publisher"
    folder.mkdir()
    (folder / "npm.json").write_bytes(osv("1"))
    file = folder / "advisories.sqlite"
    assert 0 == call(capsys, "key", "new", folder / "key")[0]
    publish(capsys, server, folder, "2026-11-25T00:00:00Z")
    return server.address + "/advisories.sqlite", file, folder / "key.pub"


def publish(capsys, server, folder, built):
    """Build, sign and put a database on the server."""
    file = folder / "advisories.sqlite"
    assert 0 == call(capsys, "build", folder / "npm.json", "--output", file, "--built", built)[0]
    assert 0 == call(capsys, "sign", file, "--with", folder / "key")[0]
    server.put("/advisories.sqlite", file.read_bytes(), 1_700_000_000.0 + len(server.asked))
    sig = file.with_name(file.name + ".sig")
    server.put("/advisories.sqlite.sig", sig.read_bytes(), 1_700_000_000.0 + len(server.asked))


def test_signed_database_is_taken(tmp_path, capsys, server, published):
    """A signed file is taken, a newer one replaces it, the one before can be taken back."""
    url, file, key = published
    database = tmp_path / "db"
    code, out, err = call(capsys, "update", "--from", url, "--key", key, "--db", database)
    assert (0, "") == (code, err)
    assert "signed by" in out
    assert file.read_bytes() == database.read_bytes()
    assert "already" in call(capsys, "update", "--from", url, "--key", key, "--db", database)[1]
    (file.parent / "npm.json").write_bytes(osv("2"))
    publish(capsys, server, file.parent, "2026-11-25T12:00:00Z")
    assert 0 == call(capsys, "update", "--from", url, "--key", key, "--db", database)[0]
    assert ["2"] == versions(database)
    assert 0 == call(capsys, "verify", "--key", key, "--db", database)[0]
    assert 0 == call(capsys, "rollback", "--db", database)[0]
    assert ["1"] == versions(database)
    assert 0 == call(capsys, "rollback", "--db", database)[0]
    assert ["2"] == versions(database)


def test_signatures_follow_their_files(tmp_path, capsys, server, published):
    """Taking a file back takes its signature back, whether a signed file or an import was before."""
    url, file, key = published
    database = tmp_path / "db"
    verified = ("verify", "--key", key, "--db", database)
    call(capsys, "update", "--from", url, "--key", key, "--db", database)
    (file.parent / "npm.json").write_bytes(osv("2"))
    publish(capsys, server, file.parent, "2026-11-25T12:00:00Z")
    call(capsys, "update", "--from", url, "--key", key, "--db", database)
    for _ in range(3):
        assert 0 == call(capsys, "rollback", "--db", database)[0]
        assert 0 == call(capsys, *verified)[0]
    assert 0 == call(capsys, "import", file.parent / "npm.json", "--db", database)[0]
    codes = []
    for _ in range(4):
        codes.append(call(capsys, *verified)[0])
        assert 0 == call(capsys, "rollback", "--db", database)[0]
    assert [2, 0, 2, 0] == codes


def test_refused_databases_leave_the_present_one(tmp_path, capsys, server, published):
    """Unsigned, signed by another, changed, damaged, older or cut off: nothing happens to what is there."""
    url, file, key = published
    database = tmp_path / "db"
    assert 0 == call(capsys, "update", "--from", url, "--key", key, "--db", database)[0]
    before = database.read_bytes()
    (file.parent / "npm.json").write_bytes(osv("9"))
    publish(capsys, server, file.parent, "2026-11-25T12:00:00Z")
    good, signature = server.documents["/advisories.sqlite"], server.documents["/advisories.sqlite.sig"]
    later = iter(range(1_800_000_000, 1_900_000_000))

    def refused(words, *more, data=good, sig=signature, keys=("--key", str(key))):
        server.put("/advisories.sqlite", data, next(later))
        server.put("/advisories.sqlite.sig", sig, next(later))
        code, out, err = call(capsys, "update", "--from", url, *keys, *more, "--db", database)
        assert (2, "") == (code, out)
        assert words in err
        assert before == database.read_bytes()

    changed = bytearray(good)
    changed[good.index(b"MAL-1")] ^= 1
    refused("of another file", data=bytes(changed))
    refused("is no signature", sig=b"{}")
    refused("unknown key", sig=signature.replace(b'"key": "', b'"key": "0'))
    refused("no key is known", keys=())
    refused("not an advisory file", "--allow-unsigned", data=b"SQLite format 3\0" + b"\0" * 5000)
    refused("damaged", "--allow-unsigned", data=good[: len(good) // 2])
    refused("not an advisory file", "--allow-unsigned", data=b"<html>")
    del server.documents["/advisories.sqlite.sig"]
    code, _, err = call(capsys, "update", "--from", url, "--key", key, "--db", database)
    assert (2, True) == (code, "answered 404" in err)
    publish(capsys, server, file.parent, "2026-11-24T00:00:00Z")
    refused(
        "before the present file",
        data=server.documents["/advisories.sqlite"],
        sig=server.documents["/advisories.sqlite.sig"],
    )
    assert 0 == call(capsys, "update", "--from", url, "--key", key, "--allow-older", "--db", database)[0]
    assert ["9"] == versions(database)


def test_export_and_import_elsewhere(tmp_path, capsys, published):
    """A file goes to another machine with its signature; compressed on the way it is the same file."""
    url, _, key = published
    here, there = tmp_path / "here", tmp_path / "there"
    call(capsys, "update", "--from", url, "--key", key, "--db", here)
    out = tmp_path / "out.sqlite"
    assert 0 == call(capsys, "export", out, "--db", here)[0]
    assert 0 == call(capsys, "import", out, "--key", key, "--db", there)[0]
    assert here.read_bytes() == there.read_bytes()
    (tmp_path / "out.sqlite.gz").write_bytes(gzip.compress(out.read_bytes()))
    assert "already" in call(capsys, "import", tmp_path / "out.sqlite.gz", "--key", key, "--db", there)[1]
    (tmp_path / "out.sqlite.sig").unlink()
    assert 2 == call(capsys, "import", out, "--key", key, "--db", there)[0]
    assert 0 == call(capsys, "import", out, "--db", there)[0]


def test_difference_of_two(tmp_path, capsys, published):
    """Added, changed and removed records are counted by ecosystem and listed for machines."""
    _, file, _ = published
    other = tmp_path / "other.sqlite"
    (tmp_path / "new.json").write_bytes(osv("7").replace(b"MAL-1", b"MAL-2"))
    call(capsys, "build", tmp_path / "new.json", "--output", other, "--built", "2026-11-25T00:00:00Z")
    code, out, _ = call(capsys, "diff", file, other, "--format", "json")
    facts = json.loads(out)
    assert (0, [{"ecosystem": "npm", "added": 1, "changed": 0, "removed": 1}]) == (code, facts["ecosystems"])
    (tmp_path / "new.json").write_bytes(osv("7"))
    call(capsys, "build", tmp_path / "new.json", "--output", other, "--built", "2026-11-25T00:00:00Z")
    assert "npm        0      1        0" in call(capsys, "diff", file, other)[1]
    assert "no advisory differs\n" == call(capsys, "diff", file, file)[1]


def test_builds_are_reproducible(tmp_path, capsys, monkeypatch):
    """The same documents give the same bytes, whenever and wherever, once the time is fixed."""
    for number, name in enumerate(("one", "two")):
        (tmp_path / name).mkdir()
        path = tmp_path / name / "arch.json"
        path.write_bytes(ARCH)

        os.utime(path, (1_000_000 * (number + 1),) * 2)
        call(capsys, "build", path, "--output", tmp_path / f"{name}.sqlite", "--built", "2026-11-25T00:00:00Z")
    assert (tmp_path / "one.sqlite").read_bytes() == (tmp_path / "two.sqlite").read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764028800")
    call(capsys, "build", tmp_path / "one" / "arch.json", "--output", tmp_path / "three.sqlite")
    assert "2025-11-25T00:00:00Z" == describe(tmp_path / "three.sqlite").built
    code, _, err = call(capsys, "build", tmp_path, "--output", tmp_path / "x", "--built", "yesterday")
    assert (2, True) == (code, "is no time" in err)


def test_builds_do_not_depend_on_the_process(tmp_path):
    """Hashes of texts differ from process to process; bytes do not."""
    for seed in ("1", "2"):
        done = tidewaiter(
            "db",
            "build",
            CASES,
            "--output",
            f"{seed}.sqlite",
            "--built",
            "2026-11-25",
            cwd=tmp_path,
            PYTHONHASHSEED=seed,
        )
        assert done.returncode in {0, 3}
    assert (tmp_path / "1.sqlite").read_bytes() == (tmp_path / "2.sqlite").read_bytes()


def test_damage_is_found(tmp_path, capsys, published):
    """A file whose pages were overwritten is told to be damaged, and cannot be put in place."""
    _, file, _ = published
    data = bytearray(file.read_bytes())
    for start in range(20_000, len(data) - 4096, 8192):
        data[start : start + 512] = b"\xff" * 512
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(data)
    code, _, err = call(capsys, "verify", "--db", broken)
    assert 2 == code
    assert "damaged" in err
    assert 2 == call(capsys, "import", broken, "--db", tmp_path / "db")[0]
    assert not (tmp_path / "db").exists()


@pytest.mark.corpus
def test_real_documents_by_way_of_a_server(tmp_path, server):
    """Documents of the corpus, served as their publishers do, give the records that an import gives."""
    names = {
        "AlmaLinux": "advisories/almalinux-osv.jsonl.gz",
        "Azure Linux": "advisories/azurelinux-3.0-oval.xml.gz",
        "Ubuntu": "feeds/ubuntu/osv-all.tar.xz",
        "Red Hat": "feeds/redhat/csaf_vex_2024-08-04.tar.zst",
        "Oracle Linux": "feeds/oracle/elsa-vdu.xml.bz2",
        "Fedora": "feeds/rocky/updateinfo/BaseOS-updateinfo.xml.gz",
    }
    listed = {
        ecosystem: {"ecosystems": [ecosystem], "urls": [server.put(f"/{name}", shared(name).read_bytes())]}
        for ecosystem, name in names.items()
    }
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text(json.dumps({"feeds": listed}))
    for name in names.values():
        server.faults[f"/{name}"] = [Fault(status=503, headers={"Retry-After": "0"}), Fault(cut=1000)]
    options = wiring.UpdateOptions(everything=True, feeds=str(feeds), limits=SourceLimits(attempts=5, wait=0))
    result = wiring.run_update(options, database=tmp_path / "db", progress=lambda _: None)
    assert () == result.failed
    with build_advisories(tmp_path / "straight", now=SystemClock().now()) as builder:
        documents = (one for name in names.values() for one in open_documents(SHARED / name))
        import_advisories(documents, feeds=registry(), builder=builder)
    assert () == wiring.run_difference(tmp_path / "straight", tmp_path / "db").changes
