"""The facts of whole images: configuration, history, tools, credentials, bounds, damage."""

import gzip
import tarfile
from pathlib import Path

import pytest

from images import File, Hard, Link, build_image, layer_tar
from scanning import names, problems, scan, scan_layers, status
from tidewaiter.adapters.images import open_image
from tidewaiter.core.registry import Registry
from tidewaiter.scan.analyzers import BUILTIN
from tidewaiter.scan.image import Limits, read_image

TOKEN = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"
OS = {"etc/os-release": 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian 12"\n'}
DPKG = {"var/lib/dpkg/status": status("curl=1")}


def test_os_packages_carry_the_distribution(tmp_path: Path):
    """Namespace and distribution of OS packages come from os-release, also behind its link."""
    layer = {"usr/lib/os-release": OS["etc/os-release"], "etc/os-release": Link("../usr/lib/os-release"), **DPKG}
    image = scan_layers(tmp_path, layer)
    assert image.os.codename == "bookworm"
    assert image.packages[0].purl == "pkg:deb/debian/curl@1?arch=amd64&distro=debian-12"


def test_language_packages_name_the_os_package_that_owns_them(tmp_path: Path):
    """Ownership comes from the file lists of dpkg, links of folders followed."""
    path = "usr/lib/python3/dist-packages/x-1.dist-info/METADATA"
    layer = {
        "lib": Link("usr/lib"),
        path: "Name: x\nVersion: 1\n",
        "srv/y-1.dist-info/METADATA": "Name: y\nVersion: 1\n",
        "var/lib/dpkg/info/python3-x.list": f"/.\n/lib\n/{path.removeprefix('usr/')}\n",
    }
    image = scan_layers(tmp_path, layer)
    assert {package.name: package.owner for package in image.packages} == {"x": "python3-x", "y": ""}


@pytest.mark.parametrize(
    ("user", "uid"),
    [
        ("", 0),
        ("root", 0),
        ("0:0", 0),
        ("1000", 1000),
        ("app", 10),
        ("app:app", 10),
        ("nobody", None),
        ("99999999999", None),
    ],
)
def test_users(tmp_path: Path, user: str, uid: int | None):
    """Names are looked up in the merged etc/passwd."""
    layers = [
        {"etc/passwd": "root:x:0:0\napp:x:9:9::/:/bin/sh\n"},
        {"etc/passwd": "root:x:0:0\napp:x:10:9::/\nbroken\n"},
    ]
    image = scan_layers(tmp_path, *layers, config={"User": user})
    assert image.config.uid == uid
    assert image.config.is_root == (uid == 0)


def test_config(tmp_path: Path):
    """The runtime part of the configuration is read; values of a wrong type count as absent."""
    config = {
        "Env": ["A=b=c", "EMPTY", 5],
        "ExposedPorts": {"8080/tcp": {}},
        "Entrypoint": ["/app"],
        "Cmd": None,
        "Labels": {"a": "b"},
        "WorkingDir": 7,
        "Healthcheck": {"Test": ["CMD", "true"]},
    }
    got = scan_layers(tmp_path, {"x": b""}, config=config).config
    assert got.env == (("A", "b=c"), ("EMPTY", ""))
    assert (got.exposed_ports, got.entrypoint, got.cmd, got.working_dir) == (("8080/tcp",), ("/app",), (), "")
    assert (got.labels, got.has_healthcheck, got.os, got.architecture) == ((("a", "b"),), True, "linux", "amd64")


def test_history_is_aligned_when_the_counts_agree(tmp_path: Path):
    """Entries that made a layer name it; empty ones name none."""
    image = scan_layers(tmp_path, {"a": b""}, {"b": b""}, history=["ADD a", "!ENV X=1", "COPY b"])
    assert [entry.layer for entry in image.history] == [0, None, 1]
    assert [layer.created_by for layer in image.layers] == ["ADD a", "COPY b"]
    assert all(layer.diff_id.startswith("sha256:") for layer in image.layers)


def test_history_is_never_guessed(tmp_path: Path):
    """A squashed image has other counts, so no layer names its instruction."""
    image = scan_layers(tmp_path, {"a": b""}, history=["ADD a", "COPY b"])
    assert [entry.layer for entry in image.history] == [None, None]
    assert image.layers[0].created_by == ""


def test_tools(tmp_path: Path):
    """Tools are told by name in the folders of the search path, with the package that owns them."""
    layer = {
        "bin": Link("usr/bin"),
        "usr/bin/bash": b"\x7fELF",
        "usr/bin/sh": Link("bash"),
        "usr/bin/ash": Link("/usr/bin/missing"),
        "usr/bin/busybox": b"\x7fELF",
        "usr/bin/nc": Hard("usr/bin/busybox"),
        "usr/bin/x86_64-linux-gnu-gcc-12": b"\x7fELF",
        "usr/bin/gcc-12": Link("x86_64-linux-gnu-gcc-12"),
        "usr/bin/gcc": Link("gcc-12"),
        "usr/share/doc/bin/curl": b"",
        "opt/tool/bin/curl": b"#!/bin/sh\n",
        "var/lib/dpkg/info/bash.list": "/bin/bash\n/usr/bin/other\n",
    }
    image = scan_layers(tmp_path, layer, {"usr/bin/busybox": None})
    assert {(tool.name, tool.kind, tool.location.file, tool.package) for tool in image.tools} == {
        ("bash", "shell", "usr/bin/bash", "bash"),
        ("sh", "shell", "usr/bin/sh", "bash"),
        ("nc", "network-client", "usr/bin/nc", ""),
        ("gcc", "compiler", "usr/bin/gcc", ""),
        ("curl", "network-client", "opt/tool/bin/curl", ""),
    }


def test_credentials_in_files_of_every_layer(tmp_path: Path):
    """A deleted secret is still told, with its layer; one that stays in place is told once."""
    kept = {"srv/kept.env": f"X=1\nTOKEN={TOKEN}\n"}
    image = scan_layers(tmp_path, {**kept, "srv/gone.env": f"TOKEN={TOKEN}"}, {"srv/gone.env": None, **kept})
    assert [
        (one.location.file, one.location.layer, one.location.line, one.deleted_later) for one in image.credentials
    ] == [
        ("srv/gone.env", 0, 1, True),
        ("srv/kept.env", 0, 2, False),
    ]
    assert all(one.verified and TOKEN not in str(one) for one in image.credentials)
    assert image.credentials[0].redacted.startswith("ghp_… (40 characters, sha256 ")


def test_credentials_in_the_configuration(tmp_path: Path):
    """Environment, labels, start command, history and build arguments are searched."""
    config = {"Env": [f"GITHUB={TOKEN}"], "Labels": {"a/b": TOKEN}, "Cmd": ["run", TOKEN]}
    history = [f"|1 TOKEN={TOKEN} /bin/sh -c make", f"!ENV T={TOKEN}"]
    image = scan_layers(tmp_path, {"x": b""}, config=config, history=history)
    found = {(one.source, one.location.pointer, one.location.layer) for one in image.credentials}
    assert found == {
        ("env", "/config/Env/0", None),
        ("label", "/config/Labels/a~1b", None),
        ("command", "/config/Cmd", None),
        ("build-arg", "/history/0/created_by", 0),
        ("history", "/history/1/created_by", None),
    }


def test_folders_of_installed_code_are_counted_not_searched(tmp_path: Path):
    """What is left out by default is said, and is searched on demand."""
    path = build_image(tmp_path / "i.tar", layers=[{"srv/node_modules/x/index.js": TOKEN, "usr/share/x": TOKEN}])
    image = scan(path)
    assert image.credentials == ()
    assert "2 files" in image.unknowns[0].reason
    assert not image.unknowns[0].incomplete
    assert len(scan(path, search_everywhere=True).credentials) == 2


def test_binaries_are_not_searched(tmp_path: Path):
    """A NUL in the first 8 KiB marks a binary."""
    assert scan_layers(tmp_path, {"srv/a": b"\0" + TOKEN.encode(), "srv/empty": b""}).credentials == ()


def test_long_texts_are_searched_at_both_ends(tmp_path: Path):
    """The middle of a long text is left out, and that is said."""
    text = TOKEN + "\n" + "x\n" * 2000 + TOKEN[:-1] + "8\n" + "x\n" * 2000 + f"other={TOKEN}"
    path = build_image(tmp_path / "i.tar", layers=[{"srv/log": text}])
    image = scan(path, limits=Limits(search_head=1000, search_tail=1000))
    assert [one.location.line for one in image.credentials] == [1]
    assert "were not searched" in image.unknowns[0].reason


def test_damage_keeps_what_was_read(tmp_path: Path):
    """A truncated layer is told with archive, layer and offset; its first members and the other layers stay."""
    whole = layer_tar({"var/lib/dpkg/status": status("first=1"), "srv/big": b"\1" * 50_000, "etc/x": b""})
    image = scan_layers(tmp_path, OS, whole[:30_000], {"opt/y-1.dist-info/METADATA": "Name: y\nVersion: 1\n"})
    assert names(image) == {"first=1": 1, "y=1": 2}
    assert image.os.id == "debian"
    (told,) = problems(image)
    assert "image.tar layer 1 (" in told
    assert "cut off at byte" in told


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (b"this is not a tar archive " * 100, "not a tar archive at byte 0"),
        (gzip.compress(layer_tar(DPKG))[:60], "gzip stream ends too early"),
        (gzip.compress(layer_tar({"zeros": bytes(120 << 20)})), "grows more than 200 times"),
        (gzip.compress(layer_tar(DPKG)) + b"junk", "bytes that are not gzip follow"),
    ],
    ids=["no-tar", "cut-gzip", "bomb", "junk"],  # the bytes hold the time, which differs between workers
)
def test_hostile_layers(tmp_path: Path, layer: bytes, why: str):
    """Whatever a layer holds, the scan ends with what it could read."""
    image = scan_layers(tmp_path, OS, layer)
    assert image.os.id == "debian"
    assert why in problems(image)[0]


def test_bound_of_the_image(tmp_path: Path):
    """Layers behind the bound of the whole image are told, not read."""
    path = build_image(tmp_path / "i.tar", layers=[OS, DPKG, {"x": b""}])
    image = scan(path, limits=Limits(image_bytes=15_000))
    assert names(image) == {"curl=1": 1}
    assert "not read" in problems(image)[0]
    assert "3 layers, 1 were read" in problems(scan(path, limits=Limits(layers=1)))[0]


def test_large_and_sparse_databases_are_told(tmp_path: Path):
    """A database above its bound is not read, and that leaves the scan incomplete."""
    image = scan_layers(tmp_path, {"srv/x-1.dist-info/METADATA": b"N" * (9 << 20)})
    assert "more than the 8388608 that are read" in problems(image)[0]


def test_damaged_database_names_its_layer(tmp_path: Path):
    """An analyzer's Unknown carries archive, layer, path and offset."""
    told = problems(scan_layers(tmp_path, {"a": b""}, {"var/lib/dpkg/status": "Package: half\nStatus: install"}))[0]
    assert "layer 1" in told
    assert "var/lib/dpkg/status at byte 0" in told


def test_progress_is_told(tmp_path: Path):
    """Each layer is announced before it is read."""
    said: list[str] = []
    scan(build_image(tmp_path / "i.tar", layers=[OS, DPKG]), progress=said.append)
    assert said == ["layer 1 of 2 (0 MB)", "layer 2 of 2 (0 MB)"]


def test_same_input_same_output(tmp_path: Path):
    """Two scans of one image are equal."""
    path = build_image(tmp_path / "i.tar", layers=[OS, DPKG, {"srv/a": File(TOKEN.encode(), 0o4777)}])
    assert scan(path) == scan(path)


@pytest.mark.parametrize("format_", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_tar_dialects(tmp_path: Path, format_: int):
    """The same layer in each dialect gives the same packages."""
    long = "srv/" + "d" * 90 + "/" + "e" * 60 + "/x-1.dist-info/METADATA"
    layer = layer_tar({long: "Name: x\nVersion: 1\n", **DPKG}, format=format_)
    assert names(scan_layers(tmp_path, layer)) == {"x=1": 0, "curl=1": 0}


def test_bounds_of_what_is_told(tmp_path: Path):
    """Lists end at their bound, and that is said."""
    layer = {f"srv/{n}": File(b"", 0o666) for n in range(3)} | {"srv/keys": f"{TOKEN}\n{TOKEN[:-1]}8\n"}
    path = build_image(tmp_path / "i.tar", layers=[layer])
    image = scan(path, limits=Limits(notable_files=2, credentials=1))
    assert (len(image.files), len(image.credentials)) == (2, 1)
    assert problems(image) == [
        "test: 2 credentials were found, 1 are told",
        "test: 3 files with a notable mode were found, 2 are told",
    ]


def test_a_failing_analyzer_does_not_end_the_scan(tmp_path: Path):
    """A plugin that raises costs its own file only."""

    class Failing:
        id = "failing"
        version = 1
        tags = frozenset({"image"})
        globs = ("**/*.x",)
        max_bytes = 100

        def wants(self, path: str) -> bool:
            """Accept all."""
            return True

        def parse(self, data: bytes, path: str) -> None:
            """Fail."""
            raise KeyError(path)

    path = build_image(tmp_path / "i.tar", layers=[{"srv/a.x": b"1", **DPKG}])
    with open_image(str(path)) as store:
        analyzers = Registry("analyzers", (*BUILTIN, Failing()))
        image = read_image(store, analyzers=analyzers, ref="test", source=str(path))
    assert names(image) == {"curl=1": 0}
    assert "the analyzer failing failed (KeyError: 'srv/a.x')" in problems(image)[0]
