"""Which statements close which vulnerabilities."""

from datetime import UTC, datetime

import msgspec
import pytest

from tidewaiter.core.model.image import Image, ImageConfig
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.vuln.vex import Product, VexIndex, VexStatement, apply_vex, identity_of
from tidewaiter.core.vuln.vex.globs import matches_path

NOW = datetime(2026, 11, 25, tzinfo=UTC)
DIGEST = "sha256:" + "a" * 64
IMAGE = Image(ref="registry.example/shop/web:1.0", tags=("shop/web:latest",), digest=DIGEST)
HERE = Location(file="app/node_modules/lodash/package.json", image="x")
LODASH = Package(type="npm", name="lodash", version="4.17.20", location=HERE)
FOUND = Vulnerability(id="CVE-2021-23337", aliases=("GHSA-35jh-r3h4-6jhm",), package=LODASH)


def statement(*names, parts=None, **fields):
    """Build a statement about one product."""
    products = (Product(names=names, parts=parts),) if names else None
    values = {"ids": ("CVE-2021-23337",), "status": "not_affected", "justification": "component_not_present"}
    return VexStatement(products=products, **(values | fields))


def is_closed(*statements, packages=(LODASH,), found=FOUND, image=IMAGE):
    """Tell whether the statements close the vulnerability."""
    use = apply_vex([found], packages=packages, image=image, statements=VexIndex(statements), now=NOW)
    return bool(use.vulnerabilities[0].suppressed)


@pytest.mark.parametrize(
    ("name", "closes"),
    [
        ("pkg:npm/lodash", True),
        ("pkg:npm/lodash@4.17.20", True),
        ("pkg:npm/Lodash@4.17.20", True),
        ("pkg:npm/lodash@4.17.21", False),
        ("pkg:npm/lodash-es", False),
        ("pkg:npm/%40types/lodash", False),
        ("pkg:npm/lodash?arch=amd64", False),
        ("pkg:pypi/lodash", False),
    ],
)
def test_package_urls_mean_what_they_state(name, closes):
    """A version and qualifiers that are stated must be equal, what the package has besides does not matter."""
    assert closes == is_closed(statement(name))


@pytest.mark.parametrize(
    ("name", "closes"),
    [
        (f"pkg:oci/web@{DIGEST.replace(':', '%3A')}", True),
        (f"pkg:oci/web@{DIGEST}?repository_url=registry.example/shop/web", True),
        (f"pkg:oci/web@{DIGEST}?repository_url=registry.example/other/web", False),
        ("pkg:oci/web@sha256:" + "b" * 64, False),
        ("pkg:oci/web?repository_url=registry.example/shop/web&tag=1.0", True),
        ("pkg:oci/web?repository_url=registry.example/shop/web&tag=2.0", False),
        ("pkg:oci/web", True),
        ("pkg:oci/db", False),
        ("pkg:docker/shop/web@latest", True),
        ("pkg:docker/shop/web@3", False),
        (f"registry.example/shop/web@{DIGEST}", True),
        ("registry.example/shop/web:1.0", True),
        ("registry.example/shop/web", True),
        ("registry.example/shop/web:2.0", False),
        (DIGEST, True),
        ("not a name", False),
    ],
)
def test_every_form_of_an_image_is_understood(name, closes):
    """Digest, tag, repository, with or without a registry."""
    assert closes == is_closed(statement(name))


def test_a_part_limits_a_statement():
    """An image's statement about another component does not close ours, one about ours does, one without a part name none."""
    name = "registry.example/shop/web:1.0"
    assert is_closed(statement(name, parts=("pkg:npm/lodash",)))
    assert not is_closed(statement(name, parts=("pkg:npm/underscore",)))
    assert not is_closed(statement(name, parts=()))
    assert not is_closed(statement("pkg:npm/lodash", parts=("pkg:npm/other",)))


def test_the_latest_statement_is_believed():
    """A later `affected` revives; without times the one read last counts."""
    no = statement("pkg:npm/lodash", time="2026-01-01T00:00:00Z")
    yes = statement("pkg:npm/lodash", status="affected", time="2026-02-01T00:00:00Z")
    assert not is_closed(no, yes)
    assert not is_closed(yes, no)
    assert is_closed(yes, msgspec.structs.replace(no, time="2026-03-01"))
    assert not is_closed(msgspec.structs.replace(no, time=""), msgspec.structs.replace(yes, time=""))
    assert not is_closed(statement("pkg:npm/lodash", status="under_investigation"))
    assert is_closed(statement("pkg:npm/lodash", status="fixed"))


def test_aliases_name_the_same_vulnerability():
    """An alias on either side is enough; another id is not."""
    assert is_closed(statement("pkg:npm/lodash", ids=("GHSA-35jh-r3h4-6jhm",)))
    assert is_closed(statement("pkg:npm/lodash", ids=("X-1", "CVE-2021-23337")))
    assert not is_closed(statement("pkg:npm/lodash", ids=("CVE-2020-1",)))


def tree(*edges):
    """Return packages whose requirements are given as `parent>child`."""
    names = dict.fromkeys(name for edge in edges for name in edge.split(">"))
    needs = {
        name: tuple(f"pkg:npm/{b}@1" for a, b in (edge.split(">") for edge in edges) if a == name) for name in names
    }
    return tuple(Package(type="npm", name=name, version="1", requires=needs[name]) for name in names)


@pytest.mark.parametrize(
    ("edges", "closed", "expected"),
    [
        (("a>x",), ("a",), True),
        (("a>x", "b>x"), ("a",), False),
        (("a>x", "b>x"), ("a", "b"), True),
        (("a>m", "m>x"), ("a",), True),
        (("a>m", "b>m", "m>x"), ("a",), False),
        (("a>m", "b>m", "m>x"), ("m",), True),
        (("a>x", "x>a"), ("b",), False),
        (("a>x", "x>a"), ("a",), True),
    ],
)
def test_every_way_to_the_root_must_be_closed(edges, closed, expected):
    """A component that closes it for one user of the package does not close it for the others; circles keep it."""
    packages = tree(*edges, *(f"root>{name}" for name in closed if all(name not in edge for edge in edges)))
    found = Vulnerability(id="CVE-1", package=next(one for one in packages if one.name == "x"))
    statements = [statement(f"pkg:npm/{name}", ids=("CVE-1",)) for name in closed]
    assert expected == is_closed(*statements, packages=packages, found=found)


def test_the_main_module_speaks_for_its_binary():
    """A statement about a Go program covers modules in the same file, not those of another program."""

    def module(name, file, **more):
        return Package(type="golang", name=name, version="v1.0.0", location=Location(file=file, image="x"), **more)

    packages = (module("github.com/a/tool", "usr/bin/tool", is_main=True), module("helm.sh/helm/v3", "usr/bin/tool"),
                module("helm.sh/helm/v3", "usr/bin/other"))  # fmt: skip
    said = statement("pkg:golang/github.com/a/tool", parts=("pkg:golang/helm.sh/helm/v3",), ids=("CVE-1",))
    own, other = (Vulnerability(id="CVE-1", package=one) for one in packages[1:])
    assert is_closed(said, packages=packages, found=own)
    assert not is_closed(said, packages=packages, found=other)
    assert is_closed(statement("pkg:golang/helm.sh/helm/v3@1.0.0", ids=("CVE-1",)), packages=packages, found=own)


def test_ignore_files_hold_for_every_product_place_and_version():
    """Without products a statement is limited by path, package and date only."""
    assert is_closed(statement())
    assert is_closed(statement(paths=("app/**",)))
    assert not is_closed(statement(paths=("usr/**",)))
    assert is_closed(statement(packages=("lodash",)))
    assert is_closed(statement(packages=("lodash@4.17.20",)))
    assert not is_closed(statement(packages=("lodash@1",)))
    assert is_closed(statement(expires="2026-11-25"))
    assert not is_closed(statement(expires="2026-11-24"))
    assert not is_closed(statement(expires="2026-11-24T00:00:00Z"))


def test_expired_statements_are_told():
    """Only those that would have closed something."""
    ended = statement(expires="2026-01-01")
    other = statement(ids=("CVE-1",), expires="2026-01-01")
    use = apply_vex([FOUND], packages=[LODASH], image=IMAGE, statements=VexIndex([ended, other]), now=NOW)
    assert (ended,) == use.expired


def test_suppressed_ones_stay_as_they_are():
    """What another rule has suppressed keeps its reason; nothing is lost or added."""
    silent = msgspec.structs.replace(FOUND, suppressed="kernel-headers")
    use = apply_vex([silent, FOUND], packages=[LODASH], image=IMAGE, statements=VexIndex([statement()]), now=NOW)
    assert 2 == len(use.vulnerabilities)
    assert "kernel-headers" == use.vulnerabilities[0].suppressed
    assert use.vulnerabilities[1].suppressed.startswith("not affected: component_not_present")


def test_the_names_of_an_image_can_be_offered():
    """A path of an archive is no name."""
    assert ("registry.example/shop/web:1.0", "docker.io/shop/web:latest", DIGEST) == identity_of(IMAGE).offered()
    assert () == identity_of(Image(ref="/tmp/Some Image.tar")).offered()


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("app/*.jar", "app/a.jar", True),
        ("app/*.jar", "app/b/a.jar", False),
        ("app/**/*.jar", "app/b/c/a.jar", True),
        ("app/**/*.jar", "app/a.jar", True),
        ("/app/**", "app/b/c", True),
        ("a?c", "abc", True),
        ("a.c", "abc", False),
        ("(" * 5000, "x", False),
    ],
    ids=["star", "segment", "folders", "no-folder", "all", "one", "dot", "huge"],
)
def test_globs(glob, path, expected):
    """A star stays inside one segment, two stars do not."""
    assert expected == matches_path(glob, path)


def test_a_later_affected_about_the_image_revives():
    """What closes the package itself is overruled by a later statement about it in this image, not by an earlier one."""
    closing = statement("pkg:npm/lodash", time="2025-01-01T00:00:00Z")
    fields = {"parts": ("pkg:npm/lodash",), "status": "affected"}
    later = statement("pkg:oci/web", time="2025-06-01T00:00:00+02:00", **fields)
    earlier = statement("pkg:oci/web", time="2024-06-01T00:00:00Z", **fields)
    other = statement("pkg:oci/web", time="2025-06-01T00:00:00Z", parts=("pkg:npm/express",), status="affected")
    assert not is_closed(closing, later)
    assert is_closed(closing, earlier)
    assert is_closed(closing, other)


def test_a_direct_dependency_is_used_by_the_application():
    """A statement about another user of the package does not close what the application itself asks for."""
    direct = msgspec.structs.replace(LODASH, direct=True)
    express = Package(type="npm", name="express", version="4", location=HERE, requires=(LODASH.purl,))
    found = msgspec.structs.replace(FOUND, package=direct)
    said = statement("pkg:npm/express")
    assert is_closed(said, packages=(LODASH, express))
    assert not is_closed(said, packages=(direct, express), found=found)
    assert is_closed(said, statement("pkg:oci/web"), packages=(direct, express), found=found)


@pytest.mark.parametrize(
    ("name", "closes"),
    [("pkg:oci/web?arch=amd64&os=linux&tag=1.0", True), ("pkg:oci/web?arch=arm64&tag=1.0", False)],
)
def test_a_statement_about_another_platform_says_nothing(name, closes):
    """Images of one tag differ by architecture."""
    image = msgspec.structs.replace(IMAGE, config=ImageConfig(architecture="amd64", os="linux"))
    assert closes == is_closed(statement(name), image=image)


def test_a_statement_about_a_folder_of_a_package_does_not_cover_the_package():
    """A subpath limits a package URL."""
    assert not is_closed(statement("pkg:npm/lodash@4.17.20#fp"))


def test_a_document_that_says_affected_has_matched():
    """Only a document of which no statement was meant for anything is idle."""
    said = [
        statement("pkg:npm/lodash", status="affected", source="a"),
        statement("pkg:npm/lodash@1", source="b"),
        statement("pkg:npm/lodash", expires="2020-01-01", source="c"),
    ]
    use = apply_vex([FOUND], packages=[LODASH], image=IMAGE, statements=VexIndex(said), now=NOW)
    assert (("a",), ()) == (use.matched, use.sources)
