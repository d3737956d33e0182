"""Opening images by their content, choosing among several, and answering for what is no image."""

import contextlib
import gzip
import hashlib
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from images import Form, Link, build_image, layer_tar, oci_files
from scanning import names, problems, scan, status
from tidewaiter.adapters.images import is_layout, open_image
from tidewaiter.adapters.images.folder import FolderEntries
from tidewaiter.ports.images import ImageError
from tidewaiter.ports.registry import parse_platform

LAYERS = [
    {"etc/os-release": "ID=debian\nVERSION_ID=12\n", "var/lib/dpkg/status": status("curl=1", "gone=1")},
    {"var/lib/dpkg/status": status("curl=1"), "srv/x-1.dist-info/METADATA": "Name: x\nVersion: 1\n"},
]
FOUND = {"curl=1": 0, "x=1": 1}


def refusal(reference: Path | str, name: str = "") -> ImageError:
    """Return the error of opening."""
    with pytest.raises(ImageError) as caught, open_image(str(reference), name=name):
        pass
    assert caught.value.advice
    return caught.value


@pytest.mark.parametrize("form", ["docker-archive", "docker-archive-oci", "oci-dir", "oci-tar"])
@pytest.mark.parametrize("compression", ["none", "gzip", "multi-gzip", "zstd"])
@pytest.mark.parametrize("dotted", [False, True])
@pytest.mark.parametrize("outer_gzip", [False, True])
def test_every_form_gives_the_same(tmp_path: Path, form: Form, compression: Any, dotted: bool, outer_gzip: bool):
    """An image is the same whatever it is packed in, and whatever its file is called."""
    path = build_image(
        tmp_path / "anything.bin",
        layers=LAYERS,
        form=form,
        compression=compression,
        dotted=dotted,
        outer_gzip=outer_gzip,
    )
    image = scan(path)
    assert names(image) == FOUND
    assert problems(image) == []
    assert image.tags == ("test/image:1",)
    assert image.digest.startswith("sha256:")


def outer(path: Path, files: dict[str, Any]) -> Path:
    """Write an archive of the given members."""
    path.write_bytes(layer_tar(files))
    return path


def test_layers_that_are_links_to_layers(tmp_path: Path):
    """Older `docker save` stores a repeated layer as a symbolic or hard link."""
    first = layer_tar(LAYERS[0])
    config = json.dumps({"config": {}, "rootfs": {"diff_ids": ["sha256:a", "sha256:b", "sha256:c"]}})
    manifest = json.dumps(
        [{"Config": "c.json", "RepoTags": None, "Layers": ["1/layer.tar", "2/layer.tar", "3/layer.tar"]}]
    )
    files = {"1/layer.tar": first, "2/layer.tar": Link("../1/layer.tar"), "c.json": config, "manifest.json": manifest}
    path = outer(tmp_path / "i.tar", files)
    with tarfile.open(path, "a") as archive:
        info = tarfile.TarInfo("3/layer.tar")
        info.type, info.linkname = tarfile.LNKTYPE, "1/layer.tar"
        archive.addfile(info)
    image = scan(path)
    assert names(image) == {"curl=1": 0, "gone=1": 0}
    assert problems(image) == []


def two_images(folder: Path) -> Path:
    """Write a docker archive of two images."""
    a, b = (layer_tar({"var/lib/dpkg/status": status(f"{one}=1")}) for one in "ab")
    manifest = [
        {"Config": f"{one}.json", "RepoTags": [f"shop/{one}:1"], "Layers": [f"{one}/layer.tar"]} for one in "ab"
    ]
    config = json.dumps({"config": {}})
    files = {
        "a/layer.tar": a,
        "b/layer.tar": b,
        "a.json": config,
        "b.json": config,
        "manifest.json": json.dumps(manifest),
    }
    return outer(folder / "two.tar", files)


def test_several_images_need_a_choice(tmp_path: Path):
    """The name behind the path or the asked one chooses; without one the names are listed."""
    path = two_images(tmp_path)
    assert names(scan(f"{path}:shop/b:1")) == {"b=1": 0}
    assert names(scan(path, name="docker.io/shop/a:1")) == {"a=1": 0}
    error = refusal(path)
    assert "2 images" in error.message
    assert "shop/a:1, shop/b:1" in error.advice
    assert "none is named `shop/c`" in refusal(path, "shop/c").message


def layout(folder: Path, index: dict[str, Any], files: dict[str, bytes]) -> Path:
    """Write an OCI layout with an index of its own."""
    for name, body in (files | {"index.json": json.dumps(index).encode()}).items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    return folder


def image_of(package: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return descriptor and files of an image with one package."""
    files = oci_files(b'{"config": {}}', [layer_tar({"var/lib/dpkg/status": status(f"{package}=1")})], ["x"])
    return json.loads(files["index.json"])["manifests"][0], files


def test_nested_index_platform_and_attestation(tmp_path: Path):
    """Indexes are followed, attestations left out, linux/amd64 taken first."""
    amd, files_amd = image_of("amd")
    arm, files_arm = image_of("arm")
    other = {**arm, "platform": {"os": "unknown", "architecture": "unknown"}, "annotations": {}}
    note = {**arm, "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}
    amd = {"digest": amd["digest"], "platform": {"os": "linux", "architecture": "amd64"}}
    arm = {"digest": arm["digest"], "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}}
    inner = {"manifests": [other, note, arm, amd]}
    layout(tmp_path / "inner", inner, {})
    raw = (tmp_path / "inner/index.json").read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    top = {"manifests": [{"digest": f"sha256:{digest}", "annotations": {"org.opencontainers.image.ref.name": "1.0"}}]}
    path = layout(tmp_path / "layout", top, files_amd | files_arm | {f"blobs/sha256/{digest}": raw})
    image = scan(path)
    assert names(image) == {"amd=1": 0}
    assert image.tags == ("1.0",)
    assert problems(image) == []


def test_several_platforms_without_amd64(tmp_path: Path):
    """Where linux/amd64 is not there and others are several, the choice is asked for."""
    (one, files_one), (two, files_two) = image_of("one"), image_of("two")
    one = {"digest": one["digest"], "platform": {"os": "linux", "architecture": "arm64"}}
    two = {"digest": two["digest"], "platform": {"os": "linux", "architecture": "s390x"}}
    path = layout(tmp_path / "l", {"manifests": [one, two]}, files_one | files_two)
    assert "linux/arm64, linux/s390x" in refusal(path).advice
    only = layout(tmp_path / "only", {"manifests": [one]}, files_one)
    assert names(scan(only)) == {"one=1": 0}


def test_missing_blobs(tmp_path: Path):
    """A missing layer is told and the others are read; a missing manifest leads to no image."""
    path = build_image(tmp_path / "l", layers=LAYERS, form="oci-dir")
    manifest = json.loads((path / "index.json").read_bytes())["manifests"][0]["digest"].partition(":")[2]
    layers = json.loads((path / f"blobs/sha256/{manifest}").read_bytes())["layers"]
    (path / f"blobs/sha256/{layers[0]['digest'].partition(':')[2]}").unlink()
    image = scan(path)
    assert names(image) == {"curl=1": 1, "x=1": 1}
    assert "does not hold the blob" in problems(image)[0]
    (path / f"blobs/sha256/{manifest}").unlink()
    assert "leads to no image" in refusal(path).message


def test_digests_that_differ(tmp_path: Path):
    """Configuration and manifest are verified; a wrong one is told and what it says is still read."""
    path = build_image(tmp_path / "l", layers=LAYERS, form="oci-dir")
    for blob in sorted((path / "blobs/sha256").iterdir()):
        body = blob.read_bytes()
        if body.startswith(b"{"):
            blob.write_bytes(body + b"\n")
    image = scan(path)
    assert names(image) == FOUND
    assert sum("does not have the digest" in problem for problem in problems(image)) == 2


def test_layer_of_another_size(tmp_path: Path):
    """A layer blob that is shorter than its manifest says is told, at the tar's own damage too."""
    path = build_image(tmp_path / "l", layers=[{"srv/x": b"x" * 3000}], form="oci-dir")
    blob = max((path / "blobs/sha256").iterdir(), key=lambda file: file.stat().st_size)
    blob.write_bytes(blob.read_bytes()[:1000])
    told = problems(scan(path))
    assert any("its manifest says" in one for one in told)
    assert any("cut off" in one for one in told)


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("outer_gzip", [False, True])
def test_archive_that_is_cut_off(tmp_path: Path, cut: float, outer_gzip: bool):
    """An archive that ends early is read as far as it goes, or refused with the reason; never taken as whole."""
    path = build_image(
        tmp_path / "i.tar",
        layers=[{"srv/r": os.urandom(50_000)}, *LAYERS],
        form="docker-archive-oci",
        outer_gzip=outer_gzip,
    )
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
    try:
        with open_image(str(path)):
            assert problems(scan(path))
    except ImageError as error:
        assert "cut off" in error.message or "ends too early" in error.message  # noqa: PT017


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("empty", b"", "not an image"),
        ("text", b"just some text\n" * 100, "not a tar archive"),
        ("zeros", bytes(1 << 20), "not an image"),
        ("zeros.gz", gzip.compress(bytes(300 << 20)), "as a bomb does"),
        ("plain.tar", layer_tar({"readme": "hi"}), "neither manifest.json nor index.json"),
        ("broken.tar", layer_tar({"manifest.json": b"{"}), "manifest.json cannot be read"),
        ("none.tar", layer_tar({"manifest.json": b"[]"}), "names no image"),
        ("deep.tar", layer_tar({"index.json": b"[" * 100_000}), "index.json cannot be read"),
        ("odd.tar", layer_tar({"index.json": b'{"manifests": [5, {"digest": "sha256:../x"}]}'}), "leads to no image"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",  # gzip holds the time
)
def test_not_an_image(tmp_path: Path, name: str, body: bytes, why: str):
    """Whatever else is given is refused with what it is and what would do."""
    (tmp_path / name).write_bytes(body)
    assert why in refusal(tmp_path / name).message


def test_paths_that_cannot_be_read(tmp_path: Path):
    """Missing paths, folders without an image, pipes and devices are refused at once."""
    assert "No such file" in refusal(tmp_path / "missing").message
    assert "fs:" in refusal(tmp_path).advice
    os.mkfifo(tmp_path / "pipe")
    assert "neither a file nor a folder" in refusal(tmp_path / "pipe").message
    assert "neither a file nor a folder" in refusal("/dev/zero").message
    assert "No such file" in refusal(f"fs:{tmp_path}/missing").message
    (tmp_path / "file").touch()
    assert "takes a folder" in refusal(f"fs:{tmp_path}/file").message


def test_links_out_of_a_layout_are_not_followed(tmp_path: Path):
    """A blob that links to a file outside the layout counts as missing."""
    path = build_image(tmp_path / "l", layers=LAYERS, form="oci-dir")
    blob = max((path / "blobs/sha256").iterdir(), key=lambda file: file.stat().st_size)
    blob.rename(tmp_path / "outside")
    blob.symlink_to(tmp_path / "outside")
    assert any("does not hold the blob" in problem for problem in problems(scan(path)))


def test_folder(tmp_path: Path):
    """A folder is read like one layer: links are not followed, odd files not opened, no layer is made up."""
    site = tmp_path / "venv/lib/python3.11/site-packages"
    (site / "x-1.dist-info").mkdir(parents=True)
    (site / "x-1.dist-info/METADATA").write_text("Name: x\nVersion: 1\n")
    (tmp_path / "venv/lib64").symlink_to("lib")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/y-1.dist-info").mkdir()
    (tmp_path / "outside/y-1.dist-info/METADATA").write_text("Name: y\nVersion: 1\n")
    (tmp_path / "venv/link").symlink_to(tmp_path / "outside")
    (tmp_path / "venv/.env").write_text("T=" + "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17\n")
    os.mkfifo(tmp_path / "venv/pipe")
    image = scan(f"fs:{tmp_path}/venv")
    assert image.kind == "filesystem"
    assert [(one.name, one.location.file) for one in image.packages] == [
        ("x", "lib/python3.11/site-packages/x-1.dist-info/METADATA")
    ]
    assert [one.location.file for one in image.credentials] == [".env"]
    assert image.layers == ()
    assert image.config is None
    assert problems(image) == []


def test_unreadable_members_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What cannot be opened is told; the rest is read."""
    (tmp_path / "a-1.dist-info").mkdir()
    (tmp_path / "a-1.dist-info/METADATA").write_text("Name: a\nVersion: 1\n")
    real = os.open

    def refuse(path: str, *rest: Any) -> int:
        if str(path).endswith("METADATA"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr(os, "open", refuse)
    assert any("Permission denied" in problem for problem in problems(scan(f"fs:{tmp_path}")))


def test_folders_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder that refuses to be listed is told; its neighbours are read. The bound of members ends the walk."""
    for name in "ab":
        (tmp_path / f"{name}-1.dist-info").mkdir()
        (tmp_path / f"{name}-1.dist-info/METADATA").write_text(f"Name: {name}\nVersion: 1\n")
    real = os.scandir

    def refuse(path: str) -> Any:
        if str(path).endswith("a-1.dist-info"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    image = scan(f"fs:{tmp_path}")
    assert [package.name for package in image.packages] == ["b"]
    assert problems(image) == ["a-1.dist-info: it cannot be read (Permission denied)"]
    entries = FolderEntries(str(tmp_path), 1)
    assert len(list(entries)) == 1
    assert "more members" in entries.unknowns[0].reason


def test_long_files_of_a_folder(tmp_path: Path):
    """Of a long file the first and last bytes are given."""
    (tmp_path / "long").write_bytes(b"a" * 10 + b"b" * 100 + b"c" * 5)
    entries = FolderEntries(str(tmp_path), 10)
    next(iter(entries))
    assert entries.body(10, 5) == b"a" * 10 + b"c" * 5
    entries.close()


def test_annotations_of_a_layout(tmp_path: Path):
    """Annotations of the manifest are facts of the image; what is no text is left out."""
    path = build_image(tmp_path / "layout", layers=LAYERS, form="oci-dir")
    index = json.loads((path / "index.json").read_text())
    blobs = path / "blobs" / "sha256"
    manifest = json.loads((blobs / index["manifests"][0]["digest"].removeprefix("sha256:")).read_text())
    raw = json.dumps({**manifest, "annotations": {"b": "2", "a": "1", "c": 3}}).encode()
    digest = hashlib.sha256(raw).hexdigest()
    (blobs / digest).write_bytes(raw)
    (path / "index.json").write_text(json.dumps({"manifests": [{"digest": f"sha256:{digest}", "size": len(raw)}]}))
    assert scan(path).annotations == (("a", "1"), ("b", "2"))


@pytest.mark.parametrize(
    ("held", "asked", "found"),
    [
        (("linux", "arm64"), "linux/arm64", True),
        (("linux", "arm64"), "linux/amd64", False),
        (("linux", "amd64"), "linux/amd64/v1", True),
        (("linux", "arm"), "linux/arm/v7", True),
        (("linux", "arm"), "linux/arm/v6", False),
    ],
)
def test_platform_of_a_layout(tmp_path: Path, held: tuple[str, str], asked: str, found: bool):
    """A platform that is asked for is the one that is read, or an error that names what there is."""
    path = build_image(tmp_path / "layout", layers=LAYERS, form="oci-dir")
    index = json.loads((path / "index.json").read_text())
    index["manifests"][0]["platform"] = {"os": held[0], "architecture": held[1]}
    (path / "index.json").write_text(json.dumps(index))
    with contextlib.ExitStack() as stack:
        if found:
            assert stack.enter_context(open_image(str(path), platform=parse_platform(asked))).layers
            return
        with pytest.raises(ImageError, match="holds no image for") as caught:
            stack.enter_context(open_image(str(path), platform=parse_platform(asked)))
        assert "/".join(held) in caught.value.advice


def test_a_folder_that_may_not_be_looked_into_holds_no_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Such a folder called like an image hides no image of that name, and ends nothing."""
    (tmp_path / "index.json").touch()

    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    for name in ("is_file", "is_dir"):
        monkeypatch.setattr(Path, name, refuse)
    assert not is_layout(str(tmp_path))
