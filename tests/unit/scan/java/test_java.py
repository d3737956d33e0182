"""Who a Java archive is."""

import io
import zipfile

import pytest

from tidewaiter.scan.java import archive as java_archive
from tidewaiter.scan.java import famous, read_archive
from tidewaiter.scan.java.class_file import texts
from tidewaiter.scan.java.fingerprints import TABLE
from tidewaiter.scan.java.groups import group_of
from tidewaiter.scan.java.identity import Evidence, identify
from tidewaiter.scan.java.manifest import Coordinates, read_manifest, read_properties
from tidewaiter.scan.java.names import split_name
from tidewaiter.scan.zip_archive import Member


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("lib/log4j-core-2.14.1.jar", ("log4j-core", "2.14.1", "")),
        ("guava-31.1-jre.jar", ("guava", "31.1-jre", "")),
        ("spring-core-5.3.9.RELEASE.jar", ("spring-core", "5.3.9.RELEASE", "")),
        ("log4j-1.2-api-2.17.1.jar", ("log4j-1.2-api", "2.17.1", "")),
        ("kafka_2.13-3.0.0.jar", ("kafka_2.13", "3.0.0", "")),
        ("netty-4.1.50.Final-linux-x86_64.jar", ("netty", "4.1.50.Final", "linux-x86_64")),
        ("shop-1.0-SNAPSHOT.war", ("shop", "1.0-SNAPSHOT", "")),
        ("shop-1.0-20240101.101112-3.jar", ("shop", "1.0-20240101.101112-3", "")),
        ("lucene-1.0-rc-2-sources.jar", ("lucene", "1.0-rc-2", "sources")),
        ("jsr305-0.1~+svn49.jar", ("jsr305", "0.1~+svn49", "")),
        ("bcprov-jdk15on-1.69.jar", ("bcprov-jdk15on", "1.69", "")),
        ("catalina.jar", ("catalina", "", "")),
        (".jar", (".jar", "", "")),
        ("a.b/c", ("c", "", "")),
    ],
)
def test_file_name(path: str, parts: tuple[str, str, str]):
    """The version begins at a number that no later version follows."""
    assert parts == split_name(path)


def test_manifest():
    """Lines go on after a line break and a blank; only the main section counts, and the first of two."""
    data = b"Manifest-Version: 1.0\r\nBundle-SymbolicName: org.exam\r\n ple\r\nA: 1\r\nA: 2\r\nno colon\r\n\r\nName: x\r\nB: 3\r\n"
    assert {"manifest-version": "1.0", "bundle-symbolicname": "org.example", "a": "1"} == read_manifest(data)
    assert {"a": "1", "b": "2"} == read_manifest(b"A: 1\rB: 2\r\rC: 3\r")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#c\ngroupId=a.b\nartifactId=c\nversion=1\n", Coordinates("a.b", "c", "1")),
        ("groupId: a.b\r\nartifactId : c\r\nversion : 1\r\n", Coordinates("a.b", "c", "1")),
        ("groupId=a.b\nartifactId=c\n", None),
        ("groupId=a.b\nartifactId=c\nversion=${revision}\n", None),
        ("groupId=a.b\nartifactId=c\nversion=" + "1" * 400, None),
    ],
)
def test_properties(text: str, found: Coordinates | None):
    """All three parts are needed, and none may be a placeholder."""
    assert found == read_properties(text.encode())


def own(path: str, poms: tuple[Coordinates, ...] = (), **manifest: str) -> tuple[str, str, str, bool] | None:
    """Return group, artifact, version and guess of an archive with such metadata."""
    attributes = {key.replace("_", "-"): value for key, value in manifest.items()}
    folders = tuple((one.group, one.artifact) for one in poms)
    found = identify(Evidence(path, attributes, poms, folders))
    return (*found.at, found.is_guess) if found else None


A = Coordinates("org.a", "a", "1")
B = Coordinates("org.b", "a-b", "2")


@pytest.mark.parametrize(
    ("path", "poms", "manifest", "expected"),
    [
        ("a-1.jar", (A, B), {}, (*A, False)),
        ("a-b-2.jar", (A, B), {}, (*B, False)),
        ("renamed.jar", (A,), {}, (*A, False)),
        ("renamed.jar", (A, B), {"implementation_title": "a-b"}, (*B, False)),
        ("renamed.jar", (A, B), {}, ("", "renamed", "", True)),
        ("other-3.jar", (A,), {}, ("", "other", "3", True)),
        ("guice.jar", (A,), {"bundle_version": "4"}, ("com.google.inject", "guice", "4", True)),
        (
            "catalina.jar",
            (),
            {"implementation_version": "9.0.5"},
            ("org.apache.tomcat", "tomcat-catalina", "9.0.5", True),
        ),
        ("x.jar", (), {"implementation_title": "lib-x", "specification_version": "1.2 b3"}, ("", "lib-x", "1.2", True)),
        ("x.jar", (), {"bundle_symbolicname": "org.y.x;a:=b", "bundle_version": "1"}, ("org.y", "x", "1", True)),
        ("x-1.jar", (), {"implementation_vendor_id": "org.z"}, ("org.z", "x", "1", True)),
        ("x-1.jar", (), {"bundle_symbolicname": "org.y.core"}, ("org.y", "x", "1", True)),
        ("x-1.jar", (), {"bundle_symbolicname": "core"}, ("", "x", "1", True)),
        ("x-1.jar", (), {"implementation_version": "2.5", "bundle_version": "2.5"}, ("", "x", "2.5", True)),
        ("x-1.jar", (), {"implementation_version": "2.5"}, ("", "x", "1", True)),
        ("org.b.a-b-2.jar", (B,), {}, (*B, False)),
        ("io.netty.netty-common-4.1.5.Final.jar", (), {}, ("io.netty", "netty-common", "4.1.5.Final", True)),
        (
            "git.jpi",
            (),
            {"group_id": "org.jenkins-ci.plugins", "short_name": "git", "plugin_version": "4.8.2 (private)"},
            ("org.jenkins-ci.plugins", "git", "4.8.2", False),
        ),
        ("git.jpi", (), {"group_id": "org.jenkins-ci.plugins", "plugin_version": "4.8.2"}, ("", "git", "", True)),
        ("x-1-sources.jar", (), {}, None),
        ("a b.jar", (), {}, None),
        ("x.jar", (), {"implementation_version": "${version}"}, ("", "x", "", True)),
    ],
)
def test_identity(path: str, poms: tuple[Coordinates, ...], manifest: dict[str, str], expected: object):
    """What Maven wrote for this file name is believed first, then names that two sources agree on."""
    assert expected == own(path, poms, **manifest)


def test_group_of_a_folder():
    """A pom.xml without pom.properties still tells the group."""
    found = identify(Evidence("a-1.jar", {}, (), (("org.a", "a"),)))
    assert found is not None
    assert found.at == A


def test_groups():
    """Known names win over families, long families over short ones."""
    assert group_of("tomcat-embed-core") == "org.apache.tomcat.embed"
    assert group_of("tomcat-coyote") == "org.apache.tomcat"
    assert group_of("no-such-thing") == ""


def constants(*values: bytes) -> bytes:
    """Return a class file with these texts, a wide number and a reference."""
    pool = b"".join(b"\1" + len(value).to_bytes(2, "big") + value for value in values)
    pool += b"\5" + bytes(8) + b"\7\0\1"
    return b"\xca\xfe\xba\xbe\0\0\0\x34" + (len(values) + 4).to_bytes(2, "big") + pool


def test_class_texts():
    """Texts are found among other constants; damage gives none."""
    body = constants(b"a/B", b"Code")
    assert {b"a/B", b"Code"} == texts(body)
    assert not any(texts(body[:end]) for end in range(len(body) - 3))
    assert set() == texts(body[:10] + b"\x63" + body[11:])


LOG4J = famous.LIBRARIES[0]


@pytest.mark.parametrize(
    "root", [b"x/org/apache/logging/log4j/", b"com/acme/org/apache/logging/log4j/", b"acme/log4j/"]
)
def test_renaming_is_turned_back(root: bytes):
    """A class keeps its fingerprint when its packages are renamed."""
    slash, dot = root, root.replace(b"/", b".")
    old = LOG4J.root
    before = constants(b"L" + old + b"core/A;", old.replace(b"/", b".") + b"X", b"java/lang/Object")
    after = constants(b"L" + slash + b"core/A;", dot + b"X", b"java/lang/Object")
    assert famous.fingerprint(LOG4J, old, before) == famous.fingerprint(LOG4J, root, after)


def test_libraries():
    """Each place a library was copied to is one library; classes of other packages are none."""
    names = [
        b"org/apache/logging/log4j/core/lookup/JndiLookup.class",
        b"x/log4j/core/lookup/JndiLookup.class",
        b"x/log4j/core/net/JndiManager.class",
        b"mylog4j/core/lookup/JndiLookup.class",
        b"org/apache/commons/lang3/text/StringSubstitutor.class",
    ]
    found = famous.libraries(Member(name, 0, 0, 0, 0, 0, 0) for name in names)
    assert [
        ("log4j-core", b"org/apache/logging/log4j/", 1),
        ("log4j-core", b"x/log4j/", 2),
        ("commons-text", b"org/apache/commons/lang3/text/", 1),
    ] == [(library.artifact, root, len(classes)) for library, root, classes in found]


def test_versions(monkeypatch: pytest.MonkeyPatch):
    """The oldest version that all classes allow is told; an unknown class of a sure library has no version."""
    body, other = constants(b"1"), constants(b"2")
    marks = [famous.fingerprint(LOG4J, LOG4J.root, one) for one in (body, other)]
    table = ("1.0 1.1 1.2", f"core/lookup/JndiLookup {marks[0]}:0-1\ncore/net/JndiManager {marks[1]}:1-2")
    monkeypatch.setitem(TABLE, "log4j-core", table)
    famous._table.cache_clear()
    lookup, manager = LOG4J.root + b"core/lookup/JndiLookup.class", LOG4J.root + b"core/net/JndiManager.class"
    assert famous.version(LOG4J, LOG4J.root, [(lookup, body)]) == "1.0"
    assert famous.version(LOG4J, LOG4J.root, [(lookup, body), (manager, other)]) == "1.1"
    assert famous.version(LOG4J, LOG4J.root, [(lookup, constants(b"3"))]) == ""
    assert (
        famous.version(famous.LIBRARIES[1], b"org/apache/log4j/", [(b"org/apache/log4j/FileAppender.class", b"")])
        is None
    )
    famous._table.cache_clear()


def test_table_covers_every_library():
    """Every class of every library is known in some version, by digits that can be looked up."""
    for library in (one for one in famous.LIBRARIES if one.classes):
        known = famous._table(library.artifact)
        assert {name for name, _ in known} == set(library.classes)
        assert max(max(versions) for versions in known.values()) < len(TABLE[library.artifact][0].split())


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, body in members.items():
            file.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_nesting_is_bounded(method: int):
    """Eight archives in each other are read, the ninth is told."""
    data = archive({})
    for level in range(10, 1, -1):
        data = archive({f"l{level}-1.jar": data}, method)
    result = read_archive(memoryview(data), "l1-1.jar")
    assert [f"l{level}" for level in range(1, 9)] == [package.name for package in result.packages]
    assert result.packages[2].inside == "l2-1.jar!/l3-1.jar"
    assert ["it is nested deeper than 8 archives"] == [unknown.reason for unknown in result.unknowns]


def test_library_with_metadata_is_not_told_twice():
    """Classes of a library whose pom.properties is there say nothing new."""
    pom = "META-INF/maven/org.apache.logging.log4j/log4j-core/pom.properties"
    text = b"groupId=org.apache.logging.log4j\nartifactId=log4j-core\nversion=2.14.1\n"
    data = archive({pom: text, "org/apache/logging/log4j/core/lookup/JndiLookup.class": b""})
    assert [("org.apache.logging.log4j:log4j-core", "2.14.1")] == [
        (package.name, package.version) for package in read_archive(memoryview(data), "x.jar").packages
    ]


def test_modules_and_damage_are_bounded(monkeypatch: pytest.MonkeyPatch):
    """What is above the bounds is told once, and only some of the damage is told."""
    monkeypatch.setattr(java_archive, "MODULES", 3)
    monkeypatch.setattr(java_archive, "UNKNOWNS", 2)
    data = archive({f"l{number}-1.jar": archive({}) for number in range(6)})
    result = read_archive(memoryview(data), "x.zip")
    assert ["l0", "l1", "l2"] == [package.name for package in result.packages]
    assert ["it names more than 3 modules"] == [unknown.reason for unknown in result.unknowns]
    broken = read_archive(memoryview(archive({f"l{number}.jar": b"x" for number in range(6)})), "x.jar")
    assert len(broken.unknowns) == 2


def test_long_names():
    """A member's name may be longer than any file's; it holds no version then."""
    name = "-1.1-x" * 2000 + ".jar"
    assert split_name(name).version == ""


@pytest.mark.parametrize(("text", "version"), [(b"2.9.10.8", "2.9.10.8"), (b"2.15.0-rc1", "2.15.0-rc1"), (b"2.x", "")])
def test_version_that_a_class_tells(text: bytes, version: str):
    """A class that holds the library's version is believed under any package name."""
    body = constants(b"com/fasterxml/jackson/databind/cfg/PackageVersion", text)
    data = archive({"org/acme/shaded/databind/cfg/PackageVersion.class": body})
    assert [("com.fasterxml.jackson.core:jackson-databind", version, "org/acme/shaded/databind/")] == [
        (package.name, package.version, package.inside)
        for package in read_archive(memoryview(data), "x.jar").packages
        if package.inside
    ]


def test_other_formats_with_the_same_extension():
    """A RAR or Nix archive in an archive is nothing to read."""
    data = archive({"a.rar": b"Rar!", "b.nar": b"nix-archive-1", "c-1.jar": b"PK"})
    assert ["x.jar!/c-1.jar"] == [unknown.subject for unknown in read_archive(memoryview(data), "x.jar").unknowns]


def test_a_bundle_right_below_a_top_level_domain_is_its_own_group():
    """`org.hamcrest` is `org.hamcrest:hamcrest`; nobody publishes under `org`."""
    manifest = {"bundle-symbolicname": "org.hamcrest", "bundle-version": "3.0"}
    found = identify(Evidence(path="hamcrest-3.0.jar", manifest=manifest, properties=(), folders=()))
    assert ("org.hamcrest", "hamcrest", "3.0") == found.at
