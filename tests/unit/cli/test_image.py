"""`tidewaiter image` and `convert` from the outside."""

import json

import pytest

from images import build_image
from scanning import status
from tidewaiter.cli import main

BASE = {"etc/os-release": "ID=debian\nVERSION_ID=12\n", "var/lib/dpkg/status": status("libc6=2.36-9", "curl=7.88-1")}
NEWER = {"etc/os-release": "ID=debian\nVERSION_ID=12\n", "var/lib/dpkg/status": status("libc6=2.36-9", "wget=1.21-1")}
OWN = {"app/node_modules/x/package.json": '{"name": "x", "version": "1.0.0"}'}


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Keep everything in the test's own folder."""
    for name in ("TIDEWAITER_STATE", "TIDEWAITER_DB", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


def call(capsys, *arguments):
    """Run the command line; return exit code, output and errors."""
    with pytest.raises(SystemExit) as caught:
        main([*arguments])
    captured = capsys.readouterr()
    return caught.value.code, captured.out, captured.err


@pytest.fixture
def images(tmp_path):
    """Return two images that differ in their base."""
    old = build_image(tmp_path / "old.tar", layers=[BASE, OWN], history=["ADD rootfs", "COPY app"], tags=["web:1"])
    new = build_image(tmp_path / "new.tar", layers=[NEWER, OWN], history=["ADD rootfs", "COPY app"], tags=["web:2"])
    return str(old), str(new)


def test_show_is_a_tree_of_layers(capsys, images):
    """Every layer with its instruction and its packages."""
    code, out, _ = call(capsys, "image", "show", images[0], "--all")
    assert 3 == code  # without advisory data nothing can be told clean
    first, second = out.index("layer 0 "), out.index("layer 1 ")
    assert first < out.index("curl 7.88-1 (deb, var/lib/dpkg/status)") < second < out.index("x 1.0.0 (npm")
    assert "COPY app" in out
    assert "2 packages without a known vulnerability" in call(capsys, "image", "show", images[0])[1]


def test_diff_of_images_and_of_reports(capsys, images, tmp_path):
    """Images and stored reports can be compared, in any mix."""
    stored = tmp_path / "old.json"
    call(capsys, "scan", images[0], "--format", "json", "--output", str(stored))
    for before in (images[0], str(stored)):
        code, out, _ = call(capsys, "image", "diff", before, images[1])
        assert 3 == code
        assert "  - curl 7.88-1 (deb)" in out
        assert "  + wget 1.21-1 (deb)" in out
        assert "0 shared, 2 and 2 in all" in out
    code, out, _ = call(capsys, "image", "diff", str(stored), images[1], "--format", "json")
    assert "tidewaiter.dev/image-diff/v1" == json.loads(out)["schema"]


def test_convert_writes_every_form(capsys, images, tmp_path):
    """A stored scan becomes whatever a fresh scan could have been."""
    stored = tmp_path / "old.json"
    call(capsys, "scan", images[0], "--format", "json", "--output", str(stored))
    for form, mark in (("html", "<!doctype html>"), ("cyclonedx", '"specVersion": "1.6"'), ("csv", "severity,id,")):
        code, out, _ = call(capsys, "convert", str(stored), "--format", form)
        assert 3 == code
        assert mark in out
    code, _, err = call(capsys, "convert", str(stored), "--format", "junit")
    assert 2 == code
    assert "`junit` cannot tell the report of a scan" in err


def test_what_is_no_report_is_told(capsys, tmp_path, images):
    """A missing file, a text, and the report of a check where a scan's is needed."""
    (tmp_path / "x.json").write_text("{}")
    assert 2 == call(capsys, "convert", str(tmp_path / "none.json"))[0]
    assert 2 == call(capsys, "convert", str(tmp_path / "x.json"))[0]
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "Dockerfile").write_text("FROM scratch\n")
    checked = tmp_path / "check.json"
    call(capsys, "check", str(tmp_path / "tree"), "--format", "json", "--output", str(checked))
    code, _, err = call(capsys, "image", "diff", images[0], str(checked))
    assert 2 == code
    assert "holds no inventory" in err
    assert 2 == call(capsys, "convert", str(checked), "--format", "spdx")[0]
