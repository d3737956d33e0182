"""Small files of the run itself."""

import os
from pathlib import Path

import pytest

from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.ports.workspace import WorkspaceError


def test_a_file_is_replaced_as_a_whole(tmp_path):
    """Folders are made, nothing is left beside it."""
    target = tmp_path / "a" / "b.json"
    workspace = DiskWorkspace()
    workspace.write(str(target), b"one")
    workspace.write(str(target), b"two")
    assert b"two" == workspace.read(str(target))
    assert [target] == list(target.parent.iterdir())


def test_a_missing_file_is_none_and_a_folder_is_an_error(tmp_path):
    """Absent is not unreadable."""
    workspace = DiskWorkspace()
    assert workspace.read(str(tmp_path / "none")) is None
    with pytest.raises(WorkspaceError):
        workspace.read(str(tmp_path))
    with pytest.raises(WorkspaceError):
        workspace.write(str(tmp_path), b"x")


def test_files_of_a_folder_are_sorted(tmp_path):
    """A file stands for itself; what is no folder is an error."""
    for name in ("b.yaml", "a.yml", "c.txt"):
        (tmp_path / name).write_text("")
    workspace = DiskWorkspace()
    assert [str(tmp_path / "a.yml"), str(tmp_path / "b.yaml")] == list(
        workspace.files(str(tmp_path), (".yaml", ".yml"))
    )
    assert (str(tmp_path / "c.txt"),) == workspace.files(str(tmp_path / "c.txt"), (".yaml",))
    with pytest.raises(WorkspaceError):
        workspace.files(str(tmp_path / "none"), (".yaml",))


def test_the_clock_knows_its_time_zone():
    """Moments are compared with others that have one."""
    assert SystemClock().now().tzinfo is not None


def test_a_pipe_is_not_waited_for(tmp_path):
    """Nobody writes into it, so an ordinary read would never return."""
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(WorkspaceError, match="it is no regular file"):
        DiskWorkspace().read(str(tmp_path / "pipe.yaml"))


def test_folders_of_policies_are_bounded(tmp_path, monkeypatch):
    """A folder that holds a disk is refused instead of walked."""
    monkeypatch.setattr("tidewaiter.adapters.workspace._ENTRIES", 2)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).touch()
    assert [Path(path).name for path in DiskWorkspace().files(str(tmp_path), (".yaml",))] == ["a.yaml", "b.yaml"]
    (tmp_path / "c.txt").touch()
    with pytest.raises(WorkspaceError, match="holds more than 2 entries"):
        DiskWorkspace().files(str(tmp_path), (".yaml",))
