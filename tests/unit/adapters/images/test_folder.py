"""A folder as it is, and while others change it."""

import os
from pathlib import Path

import pytest

from scanning import problems, scan
from tidewaiter.adapters.images.folder import FolderEntries
from tidewaiter.adapters.images.mounts import holds_images, mounted


def walk(root: Path, members: int = 1000, **mounts: str) -> tuple[list[str], list[tuple[str, str, bool]]]:
    """Return the paths, and what is told."""
    entries = FolderEntries(str(root), members, mounts={str(root / path): kind for path, kind in mounts.items()})
    paths = [entry.path for entry in entries]
    return paths, [(one.subject, one.reason, one.incomplete) for one in entries.unknowns]


def test_mounts_are_passed_by(tmp_path: Path):
    """A mount point is named and not entered, also one of the same device; the kernel's own are not worth a word."""
    for name in ("proc", "data", "srv"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("")
    (tmp_path / "hosts").write_text("")
    paths, told = walk(tmp_path, proc="proc", data="ext4", hosts="tmpfs")
    assert paths == ["srv", "srv/file"]
    assert told == [
        ("data", "another file system (ext4) begins here and was not entered", False),
        ("hosts", "another file system (tmpfs) begins here and was not entered", False),
    ]


def test_other_devices_are_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Another device is enough where the system does not tell its mounts."""
    (tmp_path / "srv").mkdir()
    real = Path.stat

    class Elsewhere:
        st_dev = -1

    monkeypatch.setattr(Path, "stat", lambda self, **more: Elsewhere() if self == tmp_path else real(self, **more))
    assert walk(tmp_path) == ([], [("srv", "another file system begins here and was not entered", False)])


def test_files_of_an_overlay_have_other_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A container's root has the number of an overlay, its files those of the layers: they are no mounts."""
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("file")
    real = Path.stat

    class Elsewhere:
        st_dev = -1

    monkeypatch.setattr(Path, "stat", lambda self, **more: Elsewhere() if self == tmp_path else real(self, **more))
    assert (["file", "link"], []) == walk(tmp_path)


def test_images_of_engines_are_passed_by(tmp_path: Path):
    """The files of other images are no files of this system."""
    store = tmp_path / "var/lib/docker"
    (store / "overlay2").mkdir(parents=True)
    paths, told = walk(tmp_path)
    assert paths == ["var", "var/lib"]
    assert [one[0] for one in told] == ["var/lib/docker"]
    for path in ("var/lib/containers/storage", "home/ann/.local/share/containers/storage", "root/.local/share/docker"):
        assert holds_images(path)
    assert not holds_images("srv/var/lib/docker")


def test_mount_table(tmp_path: Path):
    """Names in the table are unescaped; a table that is none is empty."""
    (tmp_path / "table").write_text("22 27 0:21 / /a\\040b rw - proc proc rw\nnonsense\n - \n")
    assert mounted(tmp_path / "table") == {"/a b": "proc"}
    assert mounted(tmp_path / "none") == {}


def test_file_that_is_replaced(tmp_path: Path):
    """A file that is another one when it is opened is not read."""
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").write_text("two")
    entries = FolderEntries(str(tmp_path), 10, mounts={})
    assert next(iter(entries)).path == "a"
    (tmp_path / "b").replace(tmp_path / "a")
    assert entries.body(100) == b""
    assert [one.reason for one in entries.unknowns] == ["it cannot be read (it was replaced while the folder was read)"]


def test_file_that_becomes_a_pipe_or_link(tmp_path: Path):
    """What became a pipe or a link meanwhile neither blocks nor leads elsewhere."""
    for make in (os.mkfifo, lambda path: Path(path).symlink_to("/etc/passwd")):
        path = tmp_path / "a"
        path.write_text("one")
        entries = FolderEntries(str(tmp_path), 10, mounts={})
        assert next(iter(entries)).path == "a"
        path.unlink()
        make(str(path))
        assert entries.body(100) == b""
        assert entries.peek(10) == b""
        assert entries.starts_binary()
        assert len(entries.unknowns) == 1
        path.unlink()


def test_file_that_changes(tmp_path: Path):
    """A file that grows or shrinks is told; what was there is read."""
    for text, expected in (("longer than before", b"lon"), ("x", b"x")):
        (tmp_path / "a").write_text("one")
        entries = FolderEntries(str(tmp_path), 10, mounts={})
        assert next(iter(entries)).path == "a"
        (tmp_path / "a").write_text(text)
        assert entries.body(100) == expected
        assert [one.reason for one in entries.unknowns] == ["it changed while it was read"]
        entries.close()


def test_many_places_that_cannot_be_read(tmp_path: Path):
    """A hundred places are told, the others are counted."""
    for number in range(105):
        (tmp_path / f"{number:03}").mkdir()
    _, told = walk(tmp_path, **{f"{number:03}": "ext4" for number in range(105)})
    assert len(told) == 101
    assert told[-1] == (str(tmp_path), "5 further places were not read", False)


def test_links_in_a_circle(tmp_path: Path):
    """Links are told and never followed."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "self").symlink_to("self")
    assert walk(tmp_path) == (["a", "self", "a/up"], [])
    assert problems(scan(f"fs:{tmp_path}")) == []


def test_bound_of_members(tmp_path: Path):
    """A folder with more members than are read ends the walk with a word."""
    for number in range(10):
        (tmp_path / f"{number}").write_text("")
    paths, told = walk(tmp_path, members=4)
    assert len(paths) == 4
    assert told == [(".", "the folder has more members than are read", True)]
