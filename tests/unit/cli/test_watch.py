"""`tidewaiter watch`, and what scans and checks keep for it, from the outside."""

import json

import pytest

from commands import DEPLOYMENT
from fake_registry import FakeRegistry, Reply
from images import build_image, layer_tar
from scanning import status
from tidewaiter.cli import main
from tidewaiter.wiring import watch as wiring
from watching import NOW, database, record, statement

OS = {"etc/os-release": "ID=debian\nVERSION_ID=12\n"}
OTHER = record("CVE-2026-0009", statement("Debian", "zlib", release="12"))
SSL = record("CVE-2026-0001", statement("Debian", "openssl", release="12", fixed="3.0", severity="high"))


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Keep everything in the test's own folder; return a function that changes the advisory data."""
    monkeypatch.delenv("TIDEWAITER_NO_STORE")
    monkeypatch.setenv("TIDEWAITER_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("TIDEWAITER_DB", str(tmp_path / "a.sqlite"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    monkeypatch.chdir(tmp_path)

    def make(*items):
        database(tmp_path / "a.sqlite", items, now=NOW)

    make(OTHER)
    return make


def call(capsys, *arguments):
    """Run the command line; return exit code, output and errors."""
    with pytest.raises(SystemExit) as caught:
        main([*map(str, arguments)])
    captured = capsys.readouterr()
    return caught.value.code, captured.out, captured.err


def archive(folder, *packages, name="shop/web:1"):
    """Build an image."""
    layer = OS | {"var/lib/dpkg/status": status(*packages)}
    return build_image(folder / "web.tar", layers=[layer], tags=[name])


def listed(capsys):
    """Return the images that are known."""
    return json.loads(call(capsys, "watch", "list", "--format", "json")[1])["images"]


def test_a_scan_is_kept_and_new_advisories_are_told(tmp_path, capsys, data):
    """What `scan` saw is matched again by `watch run`, which fails once and then has nothing new."""
    assert 0 == call(capsys, "scan", archive(tmp_path, "openssl=2.0"))[0]
    data(OTHER, SSL)
    code, out, _ = call(capsys, "watch", "run")
    assert 1 == code
    assert "NEWLY AFFECTED (1)\n  high     CVE-2026-0001 in openssl 2.0, fixed in 3.0\n" in out
    assert "FAIL (exit 1): 1 image newly affected by 1 finding" in out
    code, out, _ = call(capsys, "watch", "run", "--format", "json")
    report = json.loads(out)
    assert (0, "tidewaiter.dev/watch/v1", []) == (code, report["schema"], report["news"])


def test_a_check_keeps_images_with_their_workloads(tmp_path, capsys, data):
    """The workload and its owner are told with the news."""
    archive(tmp_path, "openssl=2.0")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "web.yaml").write_text(DEPLOYMENT)
    call(capsys, "check", "tree", "--image", f"shop/web:1={tmp_path / 'web.tar'}")
    data(OTHER, SSL)
    out = call(capsys, "watch", "run")[1]
    assert "run by shop/Deployment/web (team:web)" in out
    assert "shop/Deployment/web" in call(capsys, "watch", "list")[1]


@pytest.mark.parametrize("command", ["scan", "check"])
def test_no_store_keeps_nothing(tmp_path, capsys, command):
    """With `--no-store` no file is made."""
    path = archive(tmp_path, "openssl=2.0")
    arguments = [path] if command == "scan" else [".", "--image", path]
    call(capsys, command, *arguments, "--no-store")
    assert not (tmp_path / "state" / "inventories.sqlite").exists()


def test_explain_and_fix_keep_nothing(tmp_path, capsys):
    """Only `scan` and `check` keep what they see."""
    path = archive(tmp_path, "openssl=2.0")
    call(capsys, "fix", ".", "--image", path)
    assert not (tmp_path / "state" / "inventories.sqlite").exists()


def test_a_scan_whose_image_cannot_be_kept_says_so_and_passes(tmp_path, capsys):
    """A broken file of inventories is a remark of the scan, not its failure."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "inventories.sqlite").write_bytes(b"nobody's file" * 100)
    code, out, _ = call(capsys, "scan", archive(tmp_path, "openssl=2.0"))
    assert 0 == code
    assert "what was seen is not kept" in out


def test_statements_of_vex_do_not_hide_what_is_kept(tmp_path, capsys, data):
    """An ignore file of one scan says nothing about later passes."""
    data(OTHER, SSL)
    (tmp_path / ".trivyignore").write_text("CVE-2026-0001\n")
    call(capsys, "scan", archive(tmp_path, "openssl=2.0"), "--vex", ".trivyignore")
    assert 1 == listed(capsys)[0]["findings"]


def test_add_list_forget_prune(tmp_path, capsys):
    """Images are added by scanning, listed, and forgotten by name or age."""
    path = archive(tmp_path, "openssl=2.0")
    code, out, err = call(capsys, "watch", "add", path, "./none.tar")
    assert (2, True) == (code, "none.tar" in err)
    assert out.startswith("added shop/web:1 sha256:")
    assert [["shop/web:1"]] == [one["names"] for one in listed(capsys)]
    assert (0, "0 images forgotten\n") == call(capsys, "watch", "prune", "--older-than", "1d")[:2]
    assert (0, "1 image forgotten\n") == call(capsys, "watch", "forget", "shop/web:1")[:2]
    assert 2 == call(capsys, "watch", "forget", "shop/web:1")[0]
    assert "no image is known" in call(capsys, "watch", "list")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run"], "no image is known yet"),
        (["add"], "nothing is named"),
        (["prune", "--older-than", "soon"], "`soon` is no duration"),
        (["registries"], "no image is named"),
        (["registries", "--config", "nowhere"], "no such file"),
    ],
)
def test_bad_usage(capsys, arguments, words):
    """What makes no sense exits with 2 and says what to write."""
    code, out, err = call(capsys, "watch", *arguments)
    assert (2, "", True, True) == (code, out, words in err, "hint:" in err)


def test_without_advisory_data_a_pass_cannot_be_made(tmp_path, capsys):
    """A pass without data is an error that says how to get some."""
    call(capsys, "scan", archive(tmp_path, "openssl=2.0"))
    code, _, err = call(capsys, "watch", "run", "--db", tmp_path / "missing.sqlite")
    assert (2, True) == (code, "tidewaiter db" in err)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_registries_tell_tags_that_moved_and_scan_them(tmp_path, capsys, data):
    """A tag is scanned once per digest; one that moved is told with both digests; layers that are known stay there."""
    with FakeRegistry() as registry:
        base = layer_tar(OS | {"var/lib/dpkg/status": status("openssl=2.0")})
        registry.push("shop/web", "1", layers=[base])
        name = f"{registry.host}/shop/web:1"
        (tmp_path / ".tidewaiter.yaml").write_text(f"watch: {{images: ['{registry.host}/shop/web:*']}}\n")
        code, out, err = call(capsys, "watch", "registries")
        assert (0, "") == (code, err)
        assert f"new    {name} sha256:" in out
        assert "(scanned)" in out
        registry.requests.clear()
        code, out, _ = call(capsys, "watch", "registries")
        assert (0, True) == (code, f"same   {name}" in out)
        assert [] == [one.path for one in registry.requests if "/blobs/" in one.path]
        registry.push("shop/web", "1", layers=[base, layer_tar({"a": "b"})])
        code, out, _ = call(capsys, "watch", "registries", name, "--format", "json")
        (tag,) = json.loads(out)["tags"]
        assert ("moved", True, 0) == (tag["state"], tag["scanned"], code)
        assert tag["before"] != tag["digest"]
        assert [[name], []] == [one.get("current", []) for one in listed(capsys)]
        registry.faults["/v2/shop/web/manifests/1"] = [Reply(404)]
        code, out, _ = call(capsys, "watch", "registries", name)
        assert (3, True) == (code, f"gone   {name}, was sha256:" in out)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_registries_go_on_until_interrupted(capsys, monkeypatch):
    """With `--every` the passes go on; an interrupt ends them with the exit code of the last."""
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(wiring.time, "sleep", sleep)
    with FakeRegistry() as registry:
        registry.push("shop/web", "1", layers=[layer_tar(OS)])
        name = f"{registry.host}/shop/web:1"
        code, out, _ = call(capsys, "watch", "registries", name, "--every", "6h", "--no-scan")
    assert (0, 2) == (code, out.count("1 tag looked at, 0 moved"))
    assert all(0.9 * 21_600 <= wait <= 1.1 * 21_600 for wait in waits)


def notes(capsys, path):
    """Return the notes of a scan."""
    return json.loads(call(capsys, "scan", path, "--format", "json")[1]).get("notes", [])


def test_a_newer_build_of_the_base_that_was_seen_is_told(tmp_path, capsys, data):
    """A scan says which findings of its base another build of that base no longer has."""
    data(OTHER, SSL)
    old, new = (OS | {"var/lib/dpkg/status": status(f"openssl={version}")} for version in ("2.0", "3.1"))
    root = {"created": "2026-11-01T00:00:00Z"}
    before = build_image(tmp_path / "old.tar", layers=[old], tags=["debian:12"])
    after = build_image(tmp_path / "new.tar", layers=[new], tags=["debian:12.1"], root=root)
    web = build_image(tmp_path / "web.tar", layers=[old, {"a": "b"}], tags=["shop/web:1"])
    call(capsys, "base", "add", before)
    assert [] == notes(capsys, web)
    call(capsys, "watch", "add", before, after)
    expected = "debian:12.1 built 2026-11-01 removes 1 of 1 findings of the base (CVE-2026-0001)"
    assert expected in " ".join(call(capsys, "scan", web)[1].split())
    (note,) = notes(capsys, web)
    assert {"subject": "base image", "text": expected} == note
    assert [] == notes(capsys, after)
