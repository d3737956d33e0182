# ruff: noqa: D103 - the names of the tests are their promises
"""What every member of the family `lockfiles` keeps; a case is a folder `<id>/<case>` with `expected.json`."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.registry import Registry
from tidewaiter.scan.lockfiles import BUILTIN, LockfileTree, lockfile_for, read_lockfile

HERE = Path(__file__).parent
FAMILY = Registry("lockfiles", BUILTIN)
CASES = sorted(path.parent.relative_to(HERE).as_posix() for path in HERE.glob("*/*/expected.json"))


BREAK = b"~+~"
"""Stands inside addresses of the cases, so that no search of this repository takes them for an index of packages."""


def contents(source):
    return source.read_bytes().replace(BREAK, b"")


def shown(found):
    """Return what `expected.json` holds of each package; what it requires by name and version."""
    names = {item.purl: f"{item.name} {item.version}" for item in found.packages}
    rows = []
    for item in found.packages:
        row = {"package": f"{item.type} {item.name} {item.version}", "line": item.location.line}
        row |= {"scope": item.scope, "direct": item.direct}
        row |= {"requires": [names[purl] for purl in item.requires]} if item.requires else {}
        row |= {"from": item.repository} if item.repository else {}
        rows.append(row)
    return rows


@pytest.mark.parametrize("case", CASES)
def test_cases_give_their_packages_with_lines(case):
    folder = HERE / case
    (source,) = (path for path in folder.iterdir() if path.name != "expected.json")
    expected = json.loads((folder / "expected.json").read_text())
    member = FAMILY[case.partition("/")[0]]
    assert member.wants(f"app/{source.name}")
    found = member.parse(contents(source), f"app/{source.name}")
    by_purl = [
        {"purl": item.purl, "line": item.location.line, "scope": item.scope, "direct": item.direct}
        for item in found.packages
    ]
    assert expected["packages"] == (by_purl if "purl" in next(iter(expected["packages"]), {}) else shown(found))
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
        ("a/yarn.lock", True),
        ("pylock.web.toml", True),
        ("pylock.a.b.toml", False),
        ("project/build.sbt.lock", True),
        ("app/gradle/dependency-locks/compileClasspath.lockfile", True),
        ("gradle/dependency-locks/compileClasspath.lockfile", True),
        ("other/compileClasspath.lockfile", False),
        ("REQUIREMENTS.TXT", True),
        ("go.sum", False),
        ("requirements.in", False),
        ("notes.txt", False),
        ("package.json", False),
    ],
)
def test_names_choose_the_member(path, wanted):
    assert any(member.wants(path) for member in BUILTIN) is wanted
    assert (lockfile_for(path) is not None) is wanted


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


ROOT = """<project><groupId>g</groupId><artifactId>root</artifactId><version>1</version>
<properties><a.version>1.5</a.version></properties><modules><module>web</module><module>bom</module></modules>
<dependencyManagement><dependencies>
<dependency><groupId>x</groupId><artifactId>a</artifactId><version>${a.version}</version><scope>test</scope></dependency>
<dependency><groupId>g</groupId><artifactId>bom</artifactId><version>1</version><type>pom</type><scope>import</scope>
</dependency></dependencies></dependencyManagement></project>"""
PARENT = "<parent><groupId>g</groupId><artifactId>root</artifactId><version>1</version></parent>"
WEB = f"""<project>{PARENT}<artifactId>web</artifactId><properties><a.version>2.0</a.version></properties><dependencies>
<dependency><groupId>x</groupId><artifactId>a</artifactId></dependency>
<dependency><groupId>x</groupId><artifactId>b</artifactId></dependency>
<dependency><groupId>x</groupId><artifactId>c</artifactId></dependency></dependencies></project>"""
BOM = f"""<project>{PARENT}<artifactId>bom</artifactId><dependencyManagement><dependencies>
<dependency><groupId>x</groupId><artifactId>b</artifactId><version>${{b}}</version></dependency>
</dependencies></dependencyManagement><properties><b>3</b></properties></project>"""


def tree_of(**files):
    tree = LockfileTree()
    for path, text in files.items():
        tree.add(text.encode(), path)
    return tree.result()


def test_poms_find_parents_and_boms_in_their_tree():
    found = tree_of(**{"bom/pom.xml": BOM, "pom.xml": ROOT, "web/pom.xml": WEB})
    assert [(one.name, one.version, one.scope) for one in found.packages] == [
        ("x:a", "2.0", "test"),
        ("x:b", "3", "prod"),
    ]
    assert ["`x:c`" in unknown.reason for unknown in found.unknowns] == [True]


def test_poms_that_import_each_other_end():
    loop = BOM.replace("<artifactId>b</artifactId>", "<artifactId>root</artifactId><scope>import</scope>").replace(
        "<groupId>x", "<groupId>g"
    )
    assert tree_of(**{"bom/pom.xml": loop, "pom.xml": ROOT, "web/pom.xml": WEB}).packages == tuple(
        tree_of(**{"pom.xml": ROOT, "web/pom.xml": WEB}).packages
    )
    own = "<project><parent><groupId>g</groupId><artifactId>a</artifactId><relativePath>pom.xml</relativePath></parent>"
    assert tree_of(**{"pom.xml": f"{own}<groupId>g</groupId><artifactId>a</artifactId></project>"}).packages == ()


def test_a_pom_does_not_look_outside_of_the_tree():
    asked = []
    read_lockfile(WEB.encode(), "pom.xml", asked.append)
    assert asked == []


def test_manifests_tell_who_asked():
    manifest = '{"dependencies": {"a": "^1"}, "devDependencies": {"b": "^1"}}'
    lock = 'a@^1:\n  version "1.0.0"\n  dependencies:\n    c "^1"\nb@^1:\n  version "1.0.0"\nc@^1:\n  version "1.0.0"\n'
    found = tree_of(**{"web/package.json": manifest, "web/yarn.lock": lock})
    assert [(one.name, one.scope, one.direct) for one in found.packages] == [
        ("a", "prod", True),
        ("b", "dev", True),
        ("c", "prod", False),
    ]
    manifest = '{"require": {"Psr/Log": "^1"}}'
    lock = '{"packages": [{"name": "psr/log", "version": "1.0.0"}, {"name": "x/y", "version": "1"}]}'
    found = tree_of(**{"composer.json": manifest, "composer.lock": lock})
    assert [one.direct for one in found.packages] == [True, False]
    lock = '{"_meta": {}, "default": {"flask": {"version": "==3.0"}, "jinja2": {"version": "==3.0"}}}'
    found = tree_of(**{"Pipfile": '[packages]\nFlask = "*"\n', "Pipfile.lock": lock})
    assert [one.direct for one in found.packages] == [True, False]


@pytest.mark.parametrize(("manifest", "told"), [("{", 1), ("[]", 0), ('{"dependencies": 7}', 0)])
def test_damaged_manifests_are_told_and_change_nothing_else(manifest, told):
    lock = 'a@^1:\n  version "1.0.0"\n'
    found = tree_of(**{"package.json": manifest, "yarn.lock": lock})
    assert [one.name for one in found.packages] == ["a"]
    assert [(one.subject, one.incomplete) for one in found.unknowns] == [("package.json", False)] * told


def test_berry_scopes_come_from_the_only_workspace():
    lock = (HERE / "yarn-lock/berry/yarn.lock").read_text()
    manifest = '{"devDependencies": {"lodash4": "npm:lodash@^4.17.20"}}'
    found = tree_of(**{"package.json": manifest, "yarn.lock": lock})
    assert [(one.name, one.scope) for one in found.packages][:2] == [("@types/node", "dev"), ("lodash", "dev")]


@pytest.mark.parametrize("case", CASES)
def test_line_ends_and_marks_change_nothing(case):
    """Windows line ends and a byte order mark give the same packages on the same lines."""
    (source,) = (path for path in (HERE / case).iterdir() if path.name != "expected.json")
    member = FAMILY[case.partition("/")[0]]
    data = contents(source).removeprefix(b"\xef\xbb\xbf")
    other = b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
    assert member.parse(other, "x").packages == member.parse(data, "x").packages


@pytest.mark.parametrize("case", CASES)
def test_merges_that_are_not_finished_are_named(case):
    (source,) = (path for path in (HERE / case).iterdir() if path.name != "expected.json")
    data = b"a\n<<<<<<< HEAD\n" + contents(source) + b"\n=======\n>>>>>>> main\n"
    found = read_lockfile(data, source.name)
    assert [(one.location.line, "unfinished merge" in one.reason) for one in found.unknowns] == [(2, True)]
    assert found.packages == ()


def mutated(draw, data):
    """Return the bytes with a part cut out, doubled or replaced."""
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 60)))
    piece = draw(st.sampled_from([b"", data[start:end] * 2, b"{", b"[", b'"', b"\n", b":", b"\x00\xff", b"7", b"null"]))
    return data[:start] + piece + data[end:]


@pytest.mark.parametrize("case", CASES)
@given(data=st.data())
def test_mutations_never_crash(case, data):
    (source,) = (path for path in (HERE / case).iterdir() if path.name != "expected.json")
    changed = contents(source)
    for _ in range(data.draw(st.integers(1, 4))):
        changed = mutated(data.draw, changed)
    found = FAMILY[case.partition("/")[0]].parse(changed, source.name)
    assert all(one.version and one.name for one in found.packages)
    assert all(one.location.file == source.name for one in found.unknowns)


def test_an_entry_without_a_name_is_told():
    """A quote too many in front of Yarn's name leaves none; the entry is no package of an empty name."""
    found = read_lockfile(b'""a@^1":\n  version "1.0.0"\n\nb@^1:\n  version "1.0.0"\n', "yarn.lock")
    assert ["b"] == [one.name for one in found.packages]
    assert ["yarn.lock:1: an entry has no name or no version"] == [one.reason for one in found.unknowns]


HOSTILE = {
    "yarn.lock": ['"\\"' * 200_000, "a:\n" + "  b" * 200_000, "# \n" * 200_000, 'a, "' * 100_000 + ":"],
    "package-lock.json": ['{"packages": {"a": {"version": "' + '\\"' * 200_000 + '"}}}', "[" * 100_000],
    "bun.lock": ["/*" * 200_000, '"' + '\\"' * 200_000, "," * 200_000, '{"packages":{"a":["' + "/" * 100_000 + '"]}}'],
    "Cargo.lock": ["[[package]]\n" * 20_000, "a=" + "[" * 100_000, "[a" + ".a" * 20_000 + "]"],
    "pnpm-lock.yaml": ["a:\n" + " - [" * 20_000, "lockfileVersion: 9\npackages:\n" + " - a\n" * 10_000],
    "pom.xml": ["<a>" * 100_000, "<project>" + "<dependencies>" * 190, "<a " + 'b="1" ' * 50_000 + "/>"],
    "mix.lock": ["%{\n" + '"a": {:hex, ' * 50_000, "%{\n" + '"a": {:hex, :a, "1"' + "{:" * 100_000],
    "go.mod": ["require (" * 50_000, "require a " + "/" * 200_000, '"' * 200_000],
    "Gemfile.lock": ["GEM\n    a (" + "1." * 100_000 + ")", "GEM\n      a" + " (" * 100_000],
    "Podfile.lock": ["PODS:\n  - a (" + "x" * 200_000, "PODS: " + "[" * 20_000],
    "conan.lock": ['{"requires": ["' + "a/" * 100_000 + '"]}', '{"requires": ["' + "a" * 200_000 + '"]}'],
    "Package.resolved": ['{"version":2,"pins":[{"location":"' + "a@" * 900 + "://" * 300 + '"}]}'],
    "gradle.lockfile": [":" * 200_000, "a:b:c=" + "," * 200_000],
    "pylock.toml": ['lock-version="1"\n[[packages]]\nname="a"\nversion="1"\nmarker="' + "'a' " * 50_000 + '"'],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read_in_linear_time(name):
    """A quadratic pattern or search would make this test run for minutes."""
    for text in HOSTILE[name]:
        read_lockfile(text.encode(), name)


def test_no_file_name_belongs_to_two_members():
    names = [name for member in BUILTIN for name in member.names]
    assert sorted(set(names)) == sorted(names)


CARGO = """
[[package]]
name = "shop"
dependencies = ["a", "b 1.0.0", "c"]
version = "1.0.0"
""" + "".join(f'[[package]]\nname = "{name}"\nversion = "1.0.0"\nsource = "registry+x"\n' for name in "abc")


@pytest.mark.parametrize(
    ("manifests", "scopes"),
    [
        ({}, ["unknown", "unknown", "unknown"]),
        ({"Cargo.toml": "[package]\nname = 'other'\n"}, ["unknown", "unknown", "unknown"]),
        ({"Cargo.toml": "[package"}, ["unknown", "unknown", "unknown"]),
        ({"Cargo.toml": "[package]\nname='shop'\n[dependencies]\na='1'\nb='1'\nc='1'\n"}, ["prod", "prod", "prod"]),
        (
            {"Cargo.toml": "[package]\nname='shop'\n[dependencies]\na='1'\n[target.x.dependencies]\nz={package='c'}\n"},
            ["prod", "dev", "prod"],
        ),
        (
            {
                "Cargo.toml": "[workspace]\nmembers=['crates/shop']\n",
                "crates/shop/Cargo.toml": "[package]\nname='shop'\n[dependencies]\nb='1'\n[dev-dependencies]\na='1'\n",
            },
            ["dev", "prod", "dev"],
        ),
    ],
)
def test_manifests_of_cargo_tell_scopes(manifests, scopes):
    found = tree_of(**{"Cargo.lock": CARGO, **manifests})
    assert [one.scope for one in found.packages] == scopes
    assert [one.direct for one in found.packages] == [True, True, True]


def test_version_1_of_npm_asks_its_manifest():
    lock = (HERE / "package-lock/v1/package-lock.json").read_text()
    found = tree_of(**{"package.json": '{"dependencies": {"a": "1"}}', "package-lock.json": lock})
    assert [(one.name, one.direct) for one in found.packages] == [
        ("a", True),
        ("b", False),
        ("@scope/real", False),
        ("b", False),
    ]


def test_files_that_wait_are_bounded_together(monkeypatch):
    monkeypatch.setattr("tidewaiter.scan.lockfiles.tree._KEPT", 60)
    lock = 'a@^1:\n  version "1.0.0"\n'
    found = tree_of(**{"package.json": '{"dependencies": {"a": "^1"}}' + " " * 40, "yarn.lock": lock})
    assert [(one.name, one.direct) for one in found.packages] == [("a", None)]
    assert [("each is read alone" in one.reason, one.incomplete) for one in found.unknowns] == [(True, True)]


@pytest.mark.parametrize("member", [one for one in BUILTIN if one.id != "requirements"], ids=lambda one: one.id)
def test_a_file_that_is_too_large_or_no_text_of_its_kind_is_told(member, monkeypatch):
    name = next(iter(sorted(member.names)), "build.sbt.lock")
    for data in (b"", b"\0\1\2", b"[]", b"{}", b"<a/>", b"\xff\xfe{\0"):
        found = member.parse(data, name)
        assert found.packages == ()
        assert all(one.location.file == name for one in found.unknowns)
    monkeypatch.setattr(type(member), "size", 10)
    found = member.parse(b" " * 11, name)
    assert [("more than the 10 that are read" in one.reason, one.incomplete) for one in found.unknowns] == [
        (True, True)
    ]


GEMFILE = """
source "https://gems.example"
ruby "3.2.0"
gem "rails", "~> 7.1" # the framework
gem("pg",
    "~> 1.5",
    groups: [:production, :test])
group :development, :test do
  gem 'rspec'
  if RUBY_VERSION > "3"
    gem 'debug'
  end
end
group :test do
  gem "capybara"
end
platforms :ruby do
  gem "rack"
end
gem "rubocop", require: false, :group => :development
"""


def test_groups_of_a_gemfile_tell_scopes():
    names = ["rails", "pg", "rspec", "debug", "capybara", "rack", "rubocop", "deep"]
    specs = "".join(f"    {name} (1.0)\n" + ("      deep\n" if name == "capybara" else "") for name in names)
    asked = "".join(f"  {name}\n" for name in names[:-1])
    lock = f"GEM\n  specs:\n{specs}\nDEPENDENCIES\n{asked}"
    found = tree_of(**{"Gemfile": GEMFILE, "Gemfile.lock": lock})
    assert [(one.name, one.scope) for one in found.packages] == [
        ("rails", "prod"),
        ("pg", "prod"),
        ("rspec", "dev"),
        ("debug", "dev"),
        ("capybara", "test"),
        ("rack", "prod"),
        ("rubocop", "dev"),
        ("deep", "test"),
    ]
    for other in ("gemspec\n", GEMFILE.replace("rubocop", "other"), "end\nend\ngem\n", '"' * 5000 + "," * 5000):
        assert {one.scope for one in tree_of(**{"Gemfile": other, "Gemfile.lock": lock}).packages} == {"unknown"}
    assert tree_of(**{"Gemfile": GEMFILE, "Gemfile.lock": lock}).unknowns == ()


PYPROJECT = """
[project]
dependencies = ["Flask>=3", "Requests[socks] ; python_version > '3'"]
optional-dependencies = {db = ["sqlalchemy"]}
[dependency-groups]
test = ["pytest", {include-group = "x"}]
[tool.poetry.dependencies]
python = "^3.11"
jinja2 = "*"
lxml = {version = "*", optional = true}
[tool.poetry.group.lint.dependencies]
ruff = "*"
[tool.poetry.dev-dependencies]
black = "*"
[tool.pdm.dev-dependencies]
docs = ["sphinx"]
"""


def test_pyproject_tells_who_asked():
    names = ["flask", "requests", "sqlalchemy", "pytest", "jinja2", "lxml", "ruff", "black", "sphinx", "werkzeug"]
    tables = "".join(
        f'[[package]]\nname = "{name}"\nversion = "1.0"\n'
        + ('[package.dependencies]\nWerkzeug = "*"\n' if name == "flask" else "")
        for name in names
    )
    found = tree_of(**{"poetry.lock": tables, "pyproject.toml": PYPROJECT})
    scopes = ["prod", "prod", "optional", "test", "prod", "optional", "dev", "dev", "dev", "prod"]
    assert [one.scope for one in found.packages] == scopes
    assert [one.direct for one in found.packages] == [True] * 9 + [False]
    found = tree_of(**{"pdm.lock": tables, "pyproject.toml": PYPROJECT})
    assert [one.direct for one in found.packages] == [True] * 9 + [False]
    for other in ("[project", "[tool.x]\n", "project = 7\n"):
        assert {one.direct for one in tree_of(**{"poetry.lock": tables, "pyproject.toml": other}).packages} == {None}


def test_an_entry_of_mix_without_a_version_is_odd():
    found = FAMILY["mix-lock"].parse(
        b'%{\n  "decimal": {:hex, :decimal, "", "ab", [:mix], [], "hexpm", "cd"},\n}\n', "mix.lock"
    )
    assert ((), 1) == (found.packages, len(found.unknowns))


def test_requirements_keep_the_bounds_of_all_lock_files(monkeypatch):
    module = sys.modules[type(FAMILY["requirements"]).__module__]
    monkeypatch.setattr(module, "MOST_PACKAGES", 2)
    found = FAMILY["requirements"].parse(b"a==1\nb==1\nc==1\nd==1\n", "requirements.txt")
    assert (["a", "b"], [(3, True)]) == (
        [one.name for one in found.packages],
        [(one.location.line, one.incomplete) for one in found.unknowns],
    )
    monkeypatch.setattr(module.NamedReader, "size", 3)
    found = FAMILY["requirements"].parse(b"a==1\n", "requirements.txt")
    assert ((), 1) == (found.packages, len(found.unknowns))
