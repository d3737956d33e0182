"""The cache of layer facts on disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.adapters.cache import DiskLayerCache, layer_folder

KEY = "a" * 64
OTHER = "b" * 64


def files(folder: Path) -> list[Path]:
    """Return the files of the cache."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_was_put_is_got(tmp_path: Path):
    """Values come back whole, also the empty one; an unknown key has none."""
    cache = DiskLayerCache(tmp_path / "layers")
    for value in (b"", b"facts", bytes(1 << 20)):
        cache.put(KEY, value)
        assert cache.get(KEY) == value
    assert cache.get(OTHER) is None


def test_nobody_else_can_read_it(tmp_path: Path):
    """Facts name credentials; the folders belong to the user alone."""
    cache = DiskLayerCache(tmp_path / "layers")
    cache.put(KEY, b"x")
    assert {(path.stat().st_mode & 0o077) for path in tmp_path.rglob("*") if path.is_dir()} == {0}


def test_programs_of_another_version_share_nothing(tmp_path: Path):
    """What another version found may have another meaning."""
    DiskLayerCache(tmp_path, version="1").put(KEY, b"x")
    assert DiskLayerCache(tmp_path, version="2").get(KEY) is None
    assert DiskLayerCache(tmp_path, version="1").get(KEY) == b"x"


@given(data=st.data())
def test_a_damaged_file_is_deleted_and_counts_as_none(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject):
    """Whatever byte is changed, cut off or added."""
    folder = tmp_path_factory.mktemp("cache")
    cache = DiskLayerCache(folder)
    cache.put(KEY, b"facts of a layer" * 20)
    (file,) = files(folder)
    stored = bytearray(file.read_bytes())
    match data.draw(st.sampled_from(["flip", "cut", "add", "replace"])):
        case "flip":
            at = data.draw(st.integers(0, len(stored) - 1))
            stored[at] ^= data.draw(st.integers(1, 255))
        case "cut":
            del stored[data.draw(st.integers(0, len(stored) - 1)) :]
        case "add":
            stored += data.draw(st.binary(min_size=1, max_size=40))
        case _:
            stored = bytearray(data.draw(st.binary(max_size=200)))
    file.write_bytes(stored)
    assert cache.get(KEY) is None
    assert files(folder) == []


def test_the_least_recently_used_go_first(tmp_path: Path):
    """A file that was read lately stays, whenever it was written."""
    cache = DiskLayerCache(tmp_path, most=8_000)
    keys = [f"{number:064x}" for number in range(12)]
    for number, key in enumerate(keys):
        cache.put(key, os.urandom(900))
        newest = max(files(tmp_path), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (number, number))
    assert cache.get(keys[0]) is not None
    cache.close()
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 7_000
    assert cache.get(keys[0]) is not None
    assert cache.get(keys[1]) is None
    assert cache.get(keys[11]) is not None


def test_a_run_that_wrote_nothing_deletes_nothing(tmp_path: Path):
    """A run that only reads costs nothing more."""
    DiskLayerCache(tmp_path).put(KEY, os.urandom(900))
    DiskLayerCache(tmp_path, most=1).close()
    assert len(files(tmp_path)) == 1


def test_a_value_too_large_for_the_cache_is_not_stored(tmp_path: Path):
    """One layer does not push out all others."""
    cache = DiskLayerCache(tmp_path, most=800)
    cache.put(KEY, os.urandom(900))
    assert cache.get(KEY) is None


def test_what_a_dead_run_left_is_swept(tmp_path: Path):
    """Beside newer files; one that is being written stays."""
    cache = DiskLayerCache(tmp_path)
    cache.put(KEY, b"x")
    (file,) = files(tmp_path)
    old, young = file.with_name(".old.1"), file.with_name(".young.2")
    old.write_bytes(b"")
    young.write_bytes(b"")
    os.utime(old, (1, 1))
    cache.close()
    assert files(tmp_path) == sorted([file, young])


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path):
    """The cache is a help, not a need."""
    (tmp_path / "file").write_text("")
    cache = DiskLayerCache(tmp_path / "file" / "layers")
    cache.put(KEY, b"x")
    cache.close()
    assert cache.get(KEY) is None


def test_scans_at_the_same_time(tmp_path: Path):
    """Whoever reads while others write and delete gets the right value or none."""
    code = """
import sys
from pathlib import Path
from tidewaiter.adapters.cache import DiskLayerCache
cache = DiskLayerCache(Path(sys.argv[1]), most=40_000)
for turn in range(150):
    for number in range(8):
        key = f"{number:064x}"
        assert cache.get(key) in {None, key.encode() * 20}, key
        cache.put(key, key.encode() * 20)
    if turn % 10 == 0:
        cache.close()
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    source = str(Path(__file__).resolve().parents[4] / "src")
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE, env={"PYTHONPATH": source}) for _ in range(3)]
    assert [(0, b"")] * 3 == [(run.wait(), run.communicate()[1]) for run in runs]
    assert all(not file.name.startswith(".") for file in files(tmp_path))


def test_a_key_is_a_digest(tmp_path: Path):
    """No key leads out of the folder."""
    with pytest.raises(ValueError, match="SHA-256"):
        DiskLayerCache(tmp_path).get("../x")


@pytest.mark.parametrize(
    ("environ", "folder"),
    [({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/tidewaiter/layers"), ({"HOME": "/h"}, "/h/.cache/tidewaiter/layers")],
)
def test_place(environ: dict[str, str], folder: str):
    """The place is in the user's cache folder."""
    assert Path(folder) == layer_folder(environ)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_what_others_wrote_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Another user's file may say that a layer holds nothing; a pipe in its place would never answer."""
    cache = DiskLayerCache(tmp_path)
    cache.put(KEY, b"facts")
    (file,) = files(tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: 4711)
    os.chown(file, 4712, -1)
    assert None is cache.get(KEY)
    os.chown(file, 4711, -1)
    assert b"facts" == cache.get(KEY)
    os.chown(file, 0, -1)
    assert b"facts" == cache.get(KEY)
    file.unlink()
    os.mkfifo(file)
    assert None is cache.get(KEY)
