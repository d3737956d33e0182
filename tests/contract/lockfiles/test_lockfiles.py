# ruff: noqa: D103 - the names of the tests are their promises
"""What every member of the family `lockfiles` keeps; a case is a folder `<id>/<case>` with `expected.json`."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.registry import Registry
from tidewaiter.scan.lockfiles import BUILTIN, read_lockfile

HERE = Path(__file__).parent
FAMILY = Registry("lockfiles", BUILTIN)
CASES = sorted(path.parent.relative_to(HERE).as_posix() for path in HERE.glob("*/*/expected.json"))


@pytest.mark.parametrize("case", CASES)
def test_cases_give_their_packages_with_lines(case):
    folder = HERE / case
    (source,) = (path for path in folder.iterdir() if path.name != "expected.json")
    expected = json.loads((folder / "expected.json").read_text())
    member = FAMILY[case.partition("/")[0]]
    assert member.wants(f"app/{source.name}")
    found = member.parse(source.read_bytes(), f"app/{source.name}")
    packages = [
        {"purl": item.purl, "line": item.location.line, "scope": item.scope, "direct": item.direct}
        for item in found.packages
    ]
    assert packages == expected["packages"]
    assert all(item.found == "locked" and item.location.file == f"app/{source.name}" for item in found.packages)
    told = [(item.location.line, item.reason, item.incomplete) for item in found.unknowns]
    assert [(line, incomplete) for line, _, incomplete in told] == [
        (line, incomplete) for line, _, incomplete in expected["unknowns"]
    ]
    assert all(words in reason for (_, reason, _), (_, words, _) in zip(told, expected["unknowns"], strict=True))


@pytest.mark.parametrize("member", BUILTIN, ids=lambda member: member.id)
def test_every_member_has_a_case_and_its_modules_name(member):
    assert any(case.startswith(f"{member.id}/") for case in CASES)
    assert type(member).__module__.rpartition(".")[2] == member.id.replace("-", "_")
    assert "lockfile" in member.tags
    assert not member.wants("README.md")


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("requirements.txt", True),
        ("a/requirements-dev.txt", True),
        ("dev-requirements.txt", True),
        ("requirements/base.txt", True),
        ("a/package-lock.json", True),
        ("npm-shrinkwrap.json", True),
        ("requirements.in", False),
        ("notes.txt", False),
        ("package.json", False),
    ],
)
def test_names_choose_the_member(path, wanted):
    assert any(member.wants(path) for member in BUILTIN) is wanted


@pytest.mark.parametrize("path", ["requirements.txt", "package-lock.json"])
@given(data=st.binary(max_size=200) | st.text(alphabet='a=1.-#\\\n;["{}:,@', max_size=200).map(str.encode))
def test_damaged_bytes_never_crash(path, data):
    found = read_lockfile(data, path)
    assert all(unknown.location.file == path for unknown in found.unknowns)


JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["1.0.0", "npm:x@1", "file:a", ""]),
    lambda children: (
        st.lists(children, max_size=2)
        | st.dictionaries(
            st.sampled_from(["", "a", "node_modules/a", "version", "dependencies", "name", "dev", "link"]),
            children,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["packages", "dependencies", "lockfileVersion"]), JSON, max_size=3))
def test_odd_shapes_never_crash(document):
    read_lockfile(json.dumps(document).encode(), "package-lock.json")


@pytest.mark.parametrize("data", [b"\xff\xfea\x00=\x00=\x001\x00\n\x00", b"\xef\xbb\xbfa==1\n"])
def test_byte_order_marks_of_requirements(data):
    assert [item.purl for item in read_lockfile(data, "requirements.txt").packages] == ["pkg:pypi/a@1"]


def test_long_lines_are_read_in_linear_time():
    """A quadratic pattern would make this test run for minutes."""
    for text in ("a==1" + " " * 300_000 + "x", "\\\n" * 300_000, "#" * 300_000, "a " * 100_000):
        read_lockfile(text.encode(), "requirements.txt")
    read_lockfile(b'{"packages": {"' + b'\\"' * 300_000 + b'": {}}}', "package-lock.json")


def test_unknowns_are_bounded():
    assert len(read_lockfile(b"!\n" * 1000, "requirements.txt").unknowns) == 21


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"lockfileVersion": 99}, "lockfileVersion '99'"),
        ({"lockfileVersion": "x", "packages": {}}, "lockfileVersion 'x'"),
        ({"lockfileVersion": True, "packages": {}}, "lockfileVersion 'True'"),
        ({"lockfileVersion": 3, "packages": 7}, "`packages` is not a map"),
        ({"lockfileVersion": 1, "dependencies": []}, "`dependencies` is not a map"),
        ([], "not a JSON object"),
    ],
)
def test_package_locks_of_another_shape_are_told(document, words):
    found = read_lockfile(json.dumps(document).encode(), "package-lock.json")
    assert [(words in unknown.reason, unknown.incomplete) for unknown in found.unknowns] == [(True, True)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("-r base.txt", []),
        ("-r ../requirements.txt", []),
        ("-r ../base.txt", [True]),
        ("-r ../../../etc/requirements.txt", [True]),
        ("-r https://x.example/requirements.txt", [True]),
        ("-c ../limits.txt", [False]),
    ],
)
def test_included_requirements_are_looked_for_from_the_including_file(line, told):
    found = read_lockfile(f"{line}\n".encode(), "a/requirements/dev.txt")
    assert [unknown.incomplete for unknown in found.unknowns] == told


@pytest.mark.parametrize(
    "line",
    [
        "git+https://me:hush@x.example/y",
        "-e git+https://hush@x.example/y",
        "-r https://me:hush@x.example/z",
        "a @@ https://me:hush@x",
    ],
)
def test_passwords_of_addresses_are_not_repeated(line):
    found = read_lockfile(f"{line}\n".encode(), "requirements.txt")
    assert ["hush" in unknown.reason for unknown in found.unknowns] == [False]
