"""Whiteouts, replaced members, links and layer attribution, through whole images."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from images import OPAQUE, File, Folder, Hard, Link
from scanning import names, problems, scan_layers, status

META = "Name: {}\nVersion: 1\n"
SITE = "usr/lib/site"


def dist(name: str, site: str = SITE) -> dict[str, str]:
    """Return the files of an installed Python distribution."""
    return {f"{site}/{name}-1.dist-info/METADATA": META.format(name)}


@pytest.mark.parametrize(
    ("upper", "left"),
    [
        ({}, {"a", "b"}),
        ({f"{SITE}/a-1.dist-info/METADATA": None}, {"b"}),
        ({f"{SITE}/a-1.dist-info": None}, {"b"}),
        ({SITE: None}, set()),
        ({"usr": None}, set()),
        ({SITE: OPAQUE}, set()),
        ({"usr": OPAQUE}, set()),
        ({f"{SITE}/a-1.dist-info": OPAQUE}, {"b"}),
        ({f"{SITE}/a-1.dist-info": b"a file over a folder"}, {"b"}),
        ({SITE: Link("elsewhere")}, set()),
        ({f"{SITE}/a-1.dist-info/METADATA": Folder()}, {"b"}),
        ({f"{SITE}/.wh": b""}, {"a", "b"}),
        ({f"{SITE}/.wh.": b"", f"{SITE}/.wh..wh.plnk": b"", f"{SITE}/.wh..wh.aufs": b""}, {"a", "b"}),
        ({**dist("c"), SITE: OPAQUE}, {"c"}),
        ({SITE: OPAQUE, **dist("c")}, {"c"}),
        ({**dist("a"), f"{SITE}/a-1.dist-info": None}, {"a", "b"}),
        ({f"{SITE}/a-1.dist-info": None, **dist("a")}, {"a", "b"}),
        ({"usr/lib/sit": None, "usr/lib/site2": None, "usr/li": OPAQUE}, {"a", "b"}),
        ({".wh..wh..opq": b""}, set()),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else None,
)
def test_marks(tmp_path: Path, upper: dict[str, Any], left: set[str]):
    """What an upper layer removes or replaces is gone, whatever the order inside the layer."""
    image = scan_layers(tmp_path, {**dist("a"), **dist("b")}, upper)
    assert {package.name for package in image.packages} == left
    assert problems(image) == []


def test_recreated_in_one_layer_keeps_its_first_layer(tmp_path: Path):
    """A package that is removed and written again by one layer was there before and after."""
    image = scan_layers(tmp_path, dist("a"), {f"{SITE}/a-1.dist-info": None, **dist("a")})
    assert names(image) == {"a=1": 0}


def test_removed_and_installed_again_belongs_to_the_later_layer(tmp_path: Path):
    """A package that was gone for a layer starts anew."""
    image = scan_layers(tmp_path, dist("a"), {SITE: None}, dist("a"))
    assert names(image) == {"a=1": 2}


def test_database_versions_are_compared(tmp_path: Path):
    """Each layer that rewrites the database owns what it added or upgraded."""
    place = "var/lib/dpkg/status"
    image = scan_layers(
        tmp_path,
        {place: status("libc6=1", "openssl=1", "gone=1")},
        {place: status("libc6=1", "openssl=2", "curl=1", "gone=1")},
        {"etc/motd": b"x"},
        {place: status("libc6=1", "openssl=2", "curl=1")},
    )
    assert names(image) == {"libc6=1": 0, "openssl=2": 1, "curl=1": 1}


def test_hard_linked_database(tmp_path: Path):
    """A database that is a hard link has the body of its target, read in a second pass where needed."""
    body = status("openssl=1")
    image = scan_layers(tmp_path, {"opt/store/1": body, "var/lib/dpkg/status": Hard("opt/store/1")})
    assert names(image) == {"openssl=1": 0}
    assert image.packages[0].location.file == "var/lib/dpkg/status"


def test_hard_linked_metadata(tmp_path: Path):
    """Two environments that share a body by a hard link both have the package."""
    target = f"{SITE}/a-1.dist-info/METADATA"
    image = scan_layers(tmp_path, dist("a"), {**dist("b"), "venv/a-1.dist-info/METADATA": Hard(target)})
    places = {(package.name, package.location.file) for package in image.packages}
    assert ("a", "venv/a-1.dist-info/METADATA") in places
    assert len(places) == 3


def test_symlinked_parents(tmp_path: Path):
    """`lib -> usr/lib` moves what an upper layer writes or removes below `lib`."""
    lower = {"lib": Link("usr/lib"), **dist("a"), **dist("b")}
    image = scan_layers(tmp_path, lower, {**dist("c", "lib/site"), "lib/site/a-1.dist-info": None})
    assert {package.location.file for package in image.packages} == {
        f"{SITE}/b-1.dist-info/METADATA",
        f"{SITE}/c-1.dist-info/METADATA",
    }


@pytest.mark.parametrize("target", ["../../usr/lib/dpkg-db", "/usr/lib/dpkg-db", "../lib/../../usr/lib/dpkg-db"])
def test_database_in_a_linked_folder(tmp_path: Path, target: str):
    """A database behind a linked folder is found under its real place, with its own history."""
    lower = {"var/lib/dpkg": Link(target), "usr/lib/dpkg-db/status": status("a=1")}
    image = scan_layers(tmp_path, lower, {"usr/lib/dpkg-db/status": status("a=1", "b=1")})
    assert names(image) == {"a=1": 0, "b=1": 1}


def test_split_database_in_a_linked_folder(tmp_path: Path):
    """`status.d` behind a link is read too."""
    image = scan_layers(tmp_path, {"var/lib/dpkg": Link("/db"), "db/status.d/base": status("base=1")})
    assert names(image) == {"base=1": 0}


def test_link_loops_end(tmp_path: Path):
    """Links that go in circles lead nowhere, and nothing hangs."""
    image = scan_layers(tmp_path, {"a": Link("b"), "b": Link("a"), "var/lib/dpkg": Link("dpkg"), **dist("x", "a/site")})
    assert {package.name for package in image.packages} == {"x"}


def test_folder_over_a_link(tmp_path: Path):
    """A folder that replaces a link starts empty; the link's old target stays."""
    lower = {"lib": Link("usr/lib"), **dist("a")}
    image = scan_layers(tmp_path, lower, {"lib": Folder(), **dist("c", "lib/site")})
    places = {package.location.file for package in image.packages}
    assert places == {f"{SITE}/a-1.dist-info/METADATA", "lib/site/c-1.dist-info/METADATA"}


def test_notable_files_follow_the_top_view(tmp_path: Path):
    """A setuid bit counts while the file that carries it is on top."""
    lower = {"bin/a": File(b"", 0o4755), "bin/b": File(b"", 0o2755), "srv/c": File(b"", 0o666)}
    image = scan_layers(tmp_path, lower, {"bin/a": File(b"", 0o755), "srv/d": File(b"", 0o6777)})
    assert [(one.kind, one.location.file, one.location.layer) for one in image.files] == [
        ("setgid", "bin/b", 0),
        ("world-writable", "srv/c", 0),
        ("setuid", "srv/d", 1),
        ("setgid", "srv/d", 1),
        ("world-writable", "srv/d", 1),
    ]


PATHS = ["a/x-1.dist-info/METADATA", "a/y-1.dist-info/METADATA", "b/z-1.dist-info/METADATA"]
MARKS = st.dictionaries(
    st.sampled_from(["a", "b", "a/x-1.dist-info", "b/z-1.dist-info/METADATA", "q"]),
    st.sampled_from([None, OPAQUE]),
    max_size=4,
)
LAYER = st.dictionaries(st.sampled_from(PATHS), st.sampled_from([META.format("p"), META.format("q")]), max_size=3)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layers=st.lists(LAYER, min_size=1, max_size=4), at=st.integers(0, 3), marks=MARKS)
def test_a_whiteout_never_adds_a_package(tmp_path: Path, layers: list[dict[str, str]], at: int, marks: dict[str, Any]):
    """Marks in any layer only take packages away, and leave those that they do not take in their layer."""
    at %= len(layers)
    marked = [{**marks, **layer} if index == at else layer for index, layer in enumerate(layers)]

    def found(chosen: list[dict[str, Any]]) -> set[tuple[str, str]]:
        image = scan_layers(tmp_path, *chosen)
        return {(package.name, package.location.file) for package in image.packages}

    assert found(marked) <= found(layers)
