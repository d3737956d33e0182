# ruff: noqa: D103 - the names of the tests are their promises
"""Walking a source tree."""

import os

import pytest

from tidewaiter.adapters.files import TreeLimits, read_tree
from tidewaiter.ports.files import FilesError


def _make(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def _paths(tree):
    return [file.path for file in tree]


def test_files_with_facts_come_in_the_order_of_their_paths(tmp_path):
    _make(
        tmp_path,
        dict.fromkeys(
            ["b.yaml", "a/x.yml", "a/Dockerfile", "a/main.py", "requirements.txt", ".github/CODEOWNERS", "c.JSON"], "x"
        ),
    )
    expected = [".github/CODEOWNERS", "a/Dockerfile", "a/x.yml", "b.yaml", "c.JSON", "requirements.txt"]
    assert _paths(read_tree(tmp_path)) == expected


def test_a_single_file_is_a_tree_of_one(tmp_path):
    _make(tmp_path, {"pod.yaml": "a: 1"})
    assert [*read_tree(tmp_path / "pod.yaml")] == [("pod.yaml", b"a: 1")]


def test_nested_gitignore_files_and_given_patterns_hold(tmp_path):
    _make(
        tmp_path,
        {
            ".gitignore": "*.yml\n/build/\n!keep.yml\n[\n",
            "x.yml": "",
            "keep.yml": "",
            "build/a.yaml": "",
            "sub/build/a.yaml": "",
            "sub/.gitignore": "!x.yml\nlocal.yaml\n",
            "sub/x.yml": "",
            "sub/local.yaml": "",
            "local.yaml": "",
            "given/a.yaml": "",
            "node_modules/a/a.yaml": "",
            ".git/a.yaml": "",
            "env/pyvenv.cfg": "",
            "env/a.yaml": "",
        },
    )
    tree = read_tree(tmp_path, ignore=["given/"])
    assert _paths(tree) == ["keep.yml", "local.yaml", "sub/build/a.yaml", "sub/x.yml"]
    assert tree.unknowns == ()


def test_links_out_of_the_tree_are_told_and_not_followed(tmp_path):
    _make(tmp_path, {"out/secret.yaml": "", "tree/real.yaml": "", "tree/base.txt": "FROM x"})
    tree_root = tmp_path / "tree"
    (tree_root / "out.yaml").symlink_to(tmp_path / "out" / "secret.yaml")
    (tree_root / "dir").symlink_to(tmp_path / "out")
    (tree_root / "again.yaml").symlink_to("real.yaml")
    (tree_root / "loop").symlink_to(tree_root)
    (tree_root / "gone.yaml").symlink_to("nowhere.txt")
    (tree_root / "Dockerfile").symlink_to("base.txt")
    tree = read_tree(tree_root)
    assert _paths(tree) == ["Dockerfile", "real.yaml"]
    assert [unknown.subject for unknown in tree.unknowns] == ["dir", "gone.yaml", "out.yaml"]


def test_bounds_are_told(tmp_path):
    _make(tmp_path, {"a.yaml": "x" * 30, "b.yaml": "y", "c.yaml": "z", "d/d/d.yaml": ""})
    tree = read_tree(tmp_path, limits=TreeLimits(size=20, depth=1, entries=100))
    assert _paths(tree) == ["b.yaml", "c.yaml"]
    assert [(unknown.subject, unknown.incomplete) for unknown in tree.unknowns] == [("a.yaml", True), ("d/d", True)]
    few = read_tree(tmp_path, limits=TreeLimits(files=1))
    assert len(_paths(few)) == 2
    assert "more than 1 files" in few.unknowns[0].reason


def test_pipes_are_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    tree = read_tree(tmp_path)
    assert _paths(tree) == []
    assert "no regular file" in tree.unknowns[0].reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_missing_permission_is_told(tmp_path):
    _make(tmp_path, {"a.yaml": "", "d/b.yaml": ""})
    (tmp_path / "a.yaml").chmod(0)
    (tmp_path / "d").chmod(0)
    tree = read_tree(tmp_path)
    assert _paths(tree) == []
    assert len(tree.unknowns) == 2
    (tmp_path / "d").chmod(0o700)


def test_names_that_are_not_utf8_can_be_printed(tmp_path):
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff.yaml", os.O_CREAT | os.O_WRONLY))
    assert _paths(read_tree(tmp_path)) == ["\\xff.yaml"]


@pytest.mark.parametrize("root", ["nowhere", "a\0b", "pipe"])
def test_a_root_that_cannot_be_read_is_an_error_with_advice(tmp_path, root):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FilesError) as caught:
        read_tree(tmp_path / root)
    assert caught.value.advice


def test_a_second_iteration_starts_anew(tmp_path):
    _make(tmp_path, {"a.yaml": "x" * 30})
    tree = read_tree(tmp_path, limits=TreeLimits(size=20))
    assert (_paths(tree), _paths(tree), len(tree.unknowns)) == ([], [], 1)
