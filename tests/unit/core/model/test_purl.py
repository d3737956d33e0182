"""Package URLs: the specification's cases, the way there and back, and texts that are none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import shared
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.purl import Purl, PurlError, build, normalise, parse
from tidewaiter.core.model.purl_package import package_of


def told(test):
    """Return what we make of one case of the specification; None when it is refused."""
    given_ = test["input"]
    try:
        if test["test_type"] == "build":
            fields = {key: value for key, value in given_.items() if value and key not in {"type", "name"}}
            return str(build(given_["type"] or "", given_["name"] or "", **fields))
        if test["test_type"] == "validate":
            return normalise(given_)
        url = parse(given_)
    except PurlError:
        return None
    names = ("type", "namespace", "name", "version", "qualifiers", "subpath")
    return {name: getattr(url, name) or None for name in names}


@pytest.mark.corpus
def test_cases_of_the_specification():
    """All 586 hold: what is accepted, how it is written, and what is refused."""
    files = [shared("vectors/purl/spec/specification-test.json"), *sorted(shared("vectors/purl/types").glob("*.json"))]
    tests = [test for file in files for test in json.loads(file.read_text())["tests"]]
    assert 586 == len(tests)
    wrong = [
        (test["input"], told(test))
        for test in tests
        if (None if test["expected_failure"] else test["expected_output"]) != told(test)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("pkg:npm/@Angular/core@1.0", "pkg:npm/%40angular/core@1.0"),
        ("pkg:npm/@angular/core", "pkg:npm/%40angular/core"),
        ("PKG://PyPI/Zope.Interface@1", "pkg:pypi/zope-interface@1"),
        ("pkg:deb/Debian/libc6@2.36-9+deb12u4?Arch=amd64&distro=", "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64"),
        ("pkg:golang/github.com/A/b/v2@v1.0.0#x/../y", "pkg:golang/github.com/A/b/v2@v1.0.0#x/y"),
        ("pkg:oci/app@sha256:abc?repository_url=ghcr.io/a", "pkg:oci/app@sha256:abc?repository_url=ghcr.io%2Fa"),
        ("pkg:git/GitHub.com/A/b@1", "pkg:git/github.com/a/b@1"),
        ("pkg:huggingface/A/b@FF", "pkg:huggingface/A/b@ff"),
        ("pkg:swift/github.com/A/b@1", "pkg:swift/github.com/A/b@1"),
        ("pkg:composer/Ça/x@1", "pkg:composer/%C3%87a/x@1"),
    ],
)
def test_canonical(text, canonical):
    """Case, encoding and empty qualifiers are put right; letters beyond ASCII are never folded."""
    assert canonical == normalise(text)
    assert canonical == normalise(canonical)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "npm/x",
        "pkg:npm",
        "pkg:npm/",
        "pkg:/x",
        "pkg:npm/x?a",
        "pkg:npm/x?a=1&A=2",
        "pkg:npm/x?1=2",
        "pkg:julia/x",
        "pkg:swift/x",
        "pkg:pypi/a/x",
        "pkg:cpan/A::B",
        "pkg:chrome-extension/x",
        "pkg:n&m/x",
        "pkg:npm/" + "x" * 9000,
        "pkg:npm/x?" + "&".join(f"q{number}=1" for number in range(99)),
    ],
)
def test_refused(text):
    """What is no package URL is told apart."""
    with pytest.raises(PurlError):
        parse(text, lenient=True)


parts = st.text(alphabet="aB1.-_@/:%?#&= é", max_size=8)


@given(text=parts.map("pkg:npm/{}".format) | st.text(max_size=30) | parts.map("pkg:deb/debian/x@1?{}".format))
def test_any_text(text):
    """Any text is refused or has one canonical form."""
    try:
        url = parse(text, lenient=True)
    except PurlError:
        return
    assert parse(str(url)) == url


@given(kind=st.sampled_from(["npm", "golang", "maven", "cargo", "generic", "composer"]), name=parts, version=parts)
def test_built_ones_are_read_back(kind, name, version):
    """What is built from any parts is read back as the same parts."""
    try:
        url = build(kind, name, version=version)
    except PurlError:
        assert not name.strip("/")
        return
    assert parse(str(url)).name == url.name
    assert parse(str(url)).version == url.version


PACKAGES = [
    Package(type="rpm", namespace="redhat", name="perl", version="4:5.26-1.el8", arch="x86_64", distro="rhel-8.6", module="perl:5.26:80:ab"),
    Package(type="rpm", name="a", version="1-2", source_name="b", source_version="3-4"),
    Package(type="deb", namespace="debian", name="libssl3", version="1:3+b1", distro="debian-12", source_name="openssl", source_version="1:3"),
    Package(type="apk", namespace="alpine", name="ssl_client", version="1.36.1-r5", arch="x86_64", distro="alpine-3.19", source_name="busybox"),
    Package(type="maven", name="org.apache:log4j", version="2.17"),
    Package(type="maven", name="lonely", version="1"),
    Package(type="golang", name="github.com/Azure/x/v2", version="v2.0.0+incompatible"),
    Package(type="golang", name="stdlib", version="1.22.1"),
    Package(type="npm", name="@scope/name", version="1.0.0"),
    Package(type="cocoapods", name="ShareKit/Twitter", version="2.0"),
    Package(type="swift", name="github.com/a/b", version="1"),
    Package(type="cargo", name="serde", version="1.0.0"),
]  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_packages_there_and_back(package):
    """A package is read back from its own package URL, with all that matching needs, and the form is canonical."""
    assert package == package_of(package.purl)
    assert package.purl == normalise(package.purl)


def test_epoch_is_a_qualifier():
    """An rpm's epoch never stands in the version."""
    assert (
        "pkg:rpm/redhat/perl@5.26-1.el8?arch=x86_64&distro=rhel-8.6&epoch=4&rpmmod=perl:5.26:80:ab" == PACKAGES[0].purl
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("pkg:rpm/x/libcurl@7.76-1?upstream=curl-7.76.1-26.el9.src.rpm", ("curl", "7.76.1-26.el9")),
        ("pkg:rpm/x/libcurl@7.76-1?upstream=curl-1-2.nosrc.rpm", ("curl", "1-2")),
        ("pkg:rpm/x/libcurl@7.76-1?upstream=odd.src.rpm", ("libcurl", "7.76-1")),
        ("pkg:deb/debian/libssl3@3?upstream=openssl", ("openssl", "3")),
        ("pkg:rpm/x/y@1-1?epoch=0", ("y", "1-1")),
        ("pkg:rpm/x/y@1-1?epoch=z", ("y", "1-1")),
    ],
)
def test_sources_as_others_write_them(text, source):
    """File names of source packages and bare names are understood."""
    assert source == package_of(parse(text)).source


@given(
    kind=st.sampled_from(["deb", "rpm", "npm", "pypi", "maven", "golang", "git", "swift", "julia"]),
    name=parts,
    version=parts,
)
def test_every_package_has_a_url(kind, name, version):
    """Whatever stands in the metadata of a package, asking for its URL never fails."""
    assert Package(type=kind, name=name, version=version).purl.startswith(f"pkg:{kind}/")


def test_identity():
    """Version and qualifiers do not name another package."""
    assert (
        ("npm", "@a", "b")
        == parse("pkg:npm/@a/b@1?x=y").identity
        == Purl(type="npm", namespace="@a", name="b").identity
    )
