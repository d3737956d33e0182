"""`tidewaiter base` and what scans make of it, from the outside."""

import json

import pytest

from fake_registry import FakeRegistry
from images import build_image, layer_tar
from scanning import status
from tidewaiter.cli import main

BASE = {"etc/os-release": "ID=debian\nVERSION_ID=12\n", "var/lib/dpkg/status": status("libc6=2.36-9")}
OWN = {"app/token": "x"}


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """Keep bases in the test's own folder."""
    monkeypatch.setenv("TIDEWAITER_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("TIDEWAITER_DB", str(tmp_path / "none.sqlite"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "state"


def call(capsys, *arguments):
    """Run the command line; return exit code, output and errors."""
    with pytest.raises(SystemExit) as caught:
        main([*arguments])
    captured = capsys.readouterr()
    return caught.value.code, captured.out, captured.err


def scanned(capsys, path):
    """Return the facts of a scan."""
    _, out, _ = call(capsys, "scan", str(path), "--format", "json")
    return json.loads(out)["facts"]


def archives(folder):
    """Build a base, an image on it, and one that shares nothing."""
    base = build_image(folder / "base.tar", layers=[BASE], tags=["debian:12"])
    own = build_image(folder / "own.tar", layers=[BASE, OWN], tags=["shop/web:1"])
    other = build_image(folder / "other.tar", layers=[OWN], tags=["shop/other:1"])
    return base, own, other


def test_layers_prove_the_base(tmp_path, capsys):
    """The longest known stack is the base; packages and layers say which part they are of."""
    base, own, other = archives(tmp_path)
    assert scanned(capsys, own)["image"].get("base") is None
    assert 0 == call(capsys, "base", "add", str(base))[0]
    facts = scanned(capsys, own)
    assert (["debian:12"], "layers", 1) == tuple(facts["image"]["base"][key] for key in ("names", "source", "layers"))
    assert ["base", "own"] == [layer["origin"] for layer in facts["layers"]]
    assert ["base"] == [package["origin"] for package in facts["packages"]]
    assert scanned(capsys, other)["image"].get("base") is None
    assert "base       debian:12, the lowest 1 of 2 layers (proved by its layers)" in call(capsys, "scan", str(own))[1]


def test_an_image_is_not_its_own_base(tmp_path, capsys):
    """An image that was added as a base of others is built on the next smaller one."""
    base, own, _ = archives(tmp_path)
    assert 0 == call(capsys, "base", "add", str(base), str(own))[0]
    assert scanned(capsys, base)["image"].get("base") is None
    assert ["debian:12"] == scanned(capsys, own)["image"]["base"]["names"]


def test_list_travels(tmp_path, capsys, monkeypatch):
    """What one installation lists another one imports; importing it twice adds nothing."""
    base, own, _ = archives(tmp_path)
    assert 0 == call(capsys, "base", "add", str(base), "--name", "registry.example/debian:12")[0]
    listed = tmp_path / "bases.json"
    assert 0 == call(capsys, "base", "list", "--format", "json", "--output", str(listed))[0]
    monkeypatch.setenv("TIDEWAITER_STATE", str(tmp_path / "elsewhere"))
    assert "no base images are known" in call(capsys, "base", "list")[1]
    assert (0, f"imported 1 base of {listed}, 1 of them new\n", "") == call(capsys, "base", "import", str(listed))
    assert f"imported 1 base of {listed}, 0 of them new\n" == call(capsys, "base", "import", str(listed))[1]
    assert "registry.example/debian:12  1 layers" in call(capsys, "base", "list")[1]
    assert ["registry.example/debian:12"] == scanned(capsys, own)["image"]["base"]["names"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is no list of bases"),
        ('{"schema": "other"}', "has schema `other`"),
        ('{"schema": "tidewaiter.dev/bases/v1", "bases": [{"name": "a", "chain_id": "sha256:1", "layers": 1}]}', "entry 0 (a)"),
    ],
)  # fmt: skip
def test_bad_lists_are_told(tmp_path, capsys, text, reason):
    """A list that is none exits 2 with the mistake and what to give instead."""
    path = tmp_path / "bad.json"
    path.write_text(text)
    code, _, err = call(capsys, "base", "import", str(path))
    assert 2 == code
    assert reason in err
    assert "hint: give a file that" in err


def test_adding_what_is_no_image(tmp_path, capsys):
    """A missing image and a folder are named; the others are still added."""
    base, _, _ = archives(tmp_path)
    code, out, err = call(capsys, "base", "add", str(tmp_path / "none.tar"), f"fs:{tmp_path}", str(base))
    assert 2 == code
    assert "added debian:12" in out
    assert "has no layers that could be a base" in err
    assert 2 == call(capsys, "base", "add")[0]
    assert 2 == call(capsys, "base", "import")[0]


def test_a_damaged_index_spoils_no_scan(tmp_path, capsys, state):
    """A scan says that the index cannot be used and goes on; `base list` fails with advice."""
    _, own, _ = archives(tmp_path)
    state.mkdir()
    (state / "bases.sqlite").write_bytes(b"no database" * 100)
    code, out, _ = call(capsys, "scan", str(own), "--format", "json")
    report = json.loads(out)
    assert 3 == code  # no advisory data
    assert [("base images", False)] == [
        (one["subject"], one["incomplete"]) for one in report["unknowns"] if one["subject"] == "base images"
    ]
    code, _, err = call(capsys, "base", "list")
    assert 2 == code
    assert "move the file away" in err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_base_of_a_registry(tmp_path, capsys, monkeypatch):
    """Names are those of `scan`; of an image in a registry only the configuration is fetched."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with FakeRegistry() as registry:
        registry.push("corp/base", "1", layers=[layer_tar(BASE)])
        for reference in (f"{registry.host}/corp/base:1", f"registry:{registry.host}/corp/base:1"):
            assert 0 == call(capsys, "base", "add", reference)[0]
        assert 2 == sum("/blobs/" in asked for asked in registry.asked())
    assert 1 == len(json.loads(call(capsys, "base", "list", "--format", "json")[1])["bases"])
