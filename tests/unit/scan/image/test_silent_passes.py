"""What is damaged, hidden or wrong in an image is told: none of these may look like an image that was read."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from images import Hard, Link, build_image, layer_tar
from scanning import names, problems, scan, scan_layers, status
from tidewaiter.adapters.images import open_image
from tidewaiter.ports.images import ImageError

FILES = {"etc/os-release": "ID=debian\n", "var/lib/dpkg/status": status("curl=1")}


def archive(folder: Path, manifest: Any, config: Any, layer: bytes = b"") -> Path:
    """Write a docker archive whose two JSON files say what they like."""
    path = folder / "image.tar"
    bodies = {
        "config.json": json.dumps(config).encode(),
        "manifest.json": json.dumps(manifest).encode(),
        "l.tar": layer,
    }
    with tarfile.open(path, "w") as tar:
        for name, body in bodies.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return path


@pytest.mark.parametrize("layers", [None, 7, "l.tar", [None], ["l.tar", 7]])
def test_layers_that_are_no_list_of_texts(tmp_path: Path, layers: Any):
    """A manifest whose layers cannot be told is incomplete, not an image without layers."""
    image = scan(archive(tmp_path, [{"Config": "config.json", "Layers": layers}], {}, layer_tar(FILES)))
    assert any("does not name the layers" in problem for problem in problems(image))


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (None, "it is not a JSON object"),
        ([], "it is not a JSON object"),
        ({"config": 7}, "`config` has a wrong type"),
        ({"history": {}}, "`history` has a wrong type"),
        ({"config": {"User": 7}}, "`User` has a wrong type"),
        ({"config": {"Env": "A=b"}}, "`Env` has a wrong type"),
        ({"config": {"Env": ["A=b", 7]}}, "`Env` holds what is not text"),
    ],
)
def test_configurations_of_a_wrong_shape(tmp_path: Path, config: Any, reason: str):
    """A value that judgement rests on and that has a wrong type is told."""
    image = scan(archive(tmp_path, [{"Config": "config.json", "Layers": ["l.tar"]}], config, layer_tar(FILES)))
    assert any(reason in problem for problem in problems(image))


def test_null_in_a_configuration_is_absence(tmp_path: Path):
    """Go writes nil slices and maps as null."""
    config = {"config": {"Env": None, "User": None, "Labels": None}, "history": None, "rootfs": None}
    image = scan(archive(tmp_path, [{"Config": "config.json", "Layers": ["l.tar"]}], config, layer_tar(FILES)))
    assert problems(image) == []


@pytest.mark.parametrize("size", [0, 1024])
def test_a_layer_cut_off_between_members(tmp_path: Path, size: int):
    """No member is damaged, so only the missing end mark tells."""
    image = scan_layers(tmp_path, layer_tar(FILES)[:size])
    whole = archive(tmp_path, [{"Config": "config.json", "Layers": ["l.tar"]}], {}, layer_tar(FILES)[:size])
    assert any(f"ends at byte {size} without an end mark" in problem for problem in problems(scan(whole)))
    assert problems(image) == []  # here the configuration states the digest of just these bytes


@pytest.mark.parametrize(
    "entries",
    [
        {"var/lib/dpkg/status": Hard("nowhere")},
        {"var/lib/dpkg/status": Hard("var/lib/dpkg/status")},
        {"x": Hard("nowhere"), "var/lib/dpkg/status": Hard("x")},
        {"var/lib/dpkg/status": Link("status")},
        {f"var/lib/dpkg/{number}": Link(str(number + 1)) for number in range(9)}
        | {"var/lib/dpkg/9": status("curl=1"), "var/lib/dpkg/status": Link("0")},
    ],
)
def test_databases_behind_links_that_cannot_be_followed(tmp_path: Path, entries: Any):
    """A package database behind a broken, circular or too long chain of links is told."""
    image = scan_layers(tmp_path, entries)
    assert [problem for problem in problems(image) if "var/lib/dpkg/status" in problem] != []


def test_a_database_that_is_a_pipe(tmp_path: Path):
    """Only files are read, and that another kind stands in the place is told."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo("var/lib/dpkg/status")
        info.type = tarfile.FIFOTYPE
        tar.addfile(info)
    assert any("a device or a pipe" in problem for problem in problems(scan_layers(tmp_path, out.getvalue())))


def test_global_headers_hide_nothing(tmp_path: Path):
    """Container engines unpack with Go's archive/tar, which heeds no global header; so do we."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", pax_headers={"path": "hidden", "size": "4"}) as tar:
        body = status("curl=1").encode()
        info = tarfile.TarInfo("var/lib/dpkg/status")
        info.size = len(body)
        tar.addfile(info, io.BytesIO(body))
    assert list(names(scan_layers(tmp_path, out.getvalue()))) == ["curl=1"]


def test_extended_headers_are_bounded_together(tmp_path: Path):
    """Many small ones before one member would else be held in memory without end."""
    header = tarfile.TarInfo("x")
    header.type, header.size = b"x", 512 * 1024
    record = b"%d k%%d=%s\n"
    bodies = []
    for number in range(3):
        line = record % (512 * 1024, b"v" * (512 * 1024 - 11)) % number
        bodies.append(header.tobuf() + line.ljust(512 * 1024, b"\0"))
    image = scan_layers(tmp_path, b"".join(bodies) + layer_tar(FILES))
    assert any("an extended tar header is larger than" in problem for problem in problems(image))


def test_layers_of_a_manifest_that_are_no_list(tmp_path: Path):
    """The same holds for the manifest of an OCI layout."""
    layout = build_image(tmp_path / "layout", layers=[FILES], form="oci-dir")
    index = json.loads((layout / "index.json").read_text())
    blob = layout / "blobs" / index["manifests"][0]["digest"].replace(":", "/")
    manifest = json.loads(blob.read_text())
    blob.write_text(json.dumps(manifest | {"layers": 7}))
    assert any("is not a list" in problem for problem in problems(scan(layout)))


def test_an_image_that_the_archive_does_not_hold(tmp_path: Path):
    """A name in the reference is a demand, not a wish."""
    path = build_image(tmp_path / "web.tar", layers=[FILES], tags=["shop/web:1"])
    with open_image(f"{path}:shop/web:1") as store:
        assert store.tags == ("shop/web:1",)
    with pytest.raises(ImageError, match="holds no image named nope"), open_image(f"{path}:nope"):
        pass


def write_index(layout: Path, children: list[str], digest: str = "") -> str:
    """Store an index as a blob, under a false digest when one is given; return the digest."""
    body = json.dumps({"manifests": [{"digest": child} for child in children]}).encode()
    digest = digest or f"sha256:{hashlib.sha256(body).hexdigest()}"
    (layout / "blobs" / digest.replace(":", "/")).write_bytes(body)
    (layout / "index.json").write_bytes(body)
    return digest


def test_an_index_that_leads_to_itself(tmp_path: Path):
    """It can only exist under a false digest; the image beside it is read, and both are told."""
    layout = build_image(tmp_path / "layout", layers=[FILES], form="oci-dir")
    image = json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]
    circle = f"sha256:{'f' * 64}"
    write_index(layout, [circle] * 30 + [image], circle)
    found = scan(layout)
    assert list(names(found)) == ["curl=1"]
    assert any("leads to itself" in problem for problem in problems(found))


def test_indexes_that_multiply(tmp_path: Path):
    """Thirty children each, five levels deep, are 24 million manifests."""
    layout = build_image(tmp_path / "layout", layers=[FILES], form="oci-dir")
    child = json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]
    for _ in range(5):
        child = write_index(layout, [child] * 30)
    found = scan(layout)
    assert list(names(found)) == ["curl=1"]
    assert any("more than 1000 manifests" in problem for problem in problems(found))
