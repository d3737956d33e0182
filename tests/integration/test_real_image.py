"""A real Debian image, judged by the tools that installed what is in it."""

from collections import Counter

import pytest

import real_image as real
from commands import REPOSITORY
from real_image import NODE_FOLDER, PYTHON_FOLDER, RealImage, real_image
from scanning import problems, scan
from tidewaiter import wiring
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.package import normalised_python_name
from tidewaiter.render import renderers

pytestmark = [
    pytest.mark.long,
    pytest.mark.enable_socket,
    pytest.mark.skipif(bool(real.missing()), reason=f"a real image cannot be made here: {real.missing()}"),
]


@pytest.fixture(scope="module")
def made() -> RealImage:
    """Return the image, made once and kept."""
    return real_image()


@pytest.fixture(scope="module", params=["oci", "docker"])
def image(request: pytest.FixtureRequest, made: RealImage) -> Image:
    """Return the scan of each of its two archives."""
    return scan(getattr(made, request.param))


def packages(image: Image, type_: str, below: str = "") -> list[tuple[str, str]]:
    """Return names and versions of one type below a folder."""
    return [
        (one.name, one.version)
        for one in image.packages
        if one.type == type_ and one.location is not None and (one.location.file or "").startswith(below)
    ]


def test_debian_packages_equal_dpkg_query(image: Image, made: RealImage):
    """Names, versions and architectures are those that dpkg-query lists inside the tree."""
    found = [(one.name, one.version, one.arch) for one in image.packages if one.type == "deb"]
    assert len(found) == len(set(found))
    assert set(found) == made.dpkg()
    assert len(found) > 150


def test_python_packages_equal_pip_list(image: Image, made: RealImage):
    """The folder that pip filled and the system's own are those that pip lists inside the tree."""

    def normal(pairs: set[tuple[str, str]] | list[tuple[str, str]]) -> set[tuple[str, str]]:
        return {(normalised_python_name(name), version) for name, version in pairs}

    assert normal(packages(image, "pypi", PYTHON_FOLDER)) == normal(made.pip(PYTHON_FOLDER))
    system = [pair for pair in packages(image, "pypi", "usr/") if pair not in packages(image, "pypi", "usr/share/")]
    assert normal(system) == normal(made.pip())


def test_npm_packages_equal_npm_ls(image: Image, made: RealImage):
    """The packages below node_modules are those that npm lists for the application, which is known as such."""
    assert set(packages(image, "npm", f"{NODE_FOLDER}/node_modules")) == made.npm()
    assert ["shop"] == [one.name for one in image.packages if one.type == "npm" and one.is_main]


def test_layers(image: Image):
    """Each package belongs to the layer of the step that installed it; what a step purged is gone."""
    layers = {"debootstrap": 0, "apt": 1, "pip": 2, "npm": 3, "purge": 4}
    assert len(image.layers) == len(layers)
    by_name = {one.name: one for one in image.packages if one.type == "deb"}
    assert by_name["libc6"].location.layer == layers["debootstrap"]
    assert by_name["curl"].location.layer == layers["apt"]
    assert "busybox" not in by_name
    assert Counter(one.location.layer for one in image.packages if one.type == "npm").keys() == {layers["npm"]}
    flask = next(one for one in image.packages if one.name.lower() == "flask")
    assert flask.location.layer == layers["pip"]
    assert "pip install" in image.layers[layers["pip"]].created_by


def test_owners(image: Image):
    """What apt installed for Python is owned by its Debian package; what pip installed is owned by nobody."""
    python = {one.location.file: one for one in image.packages if one.type == "pypi"}
    assert {one.owner for path, one in python.items() if path.startswith(PYTHON_FOLDER)} == {""}
    owned = {
        normalised_python_name(one.name): one.owner
        for path, one in python.items()
        if path.startswith("usr/lib/python3/")
    }
    assert owned["pyyaml"] == "python3-yaml"
    assert owned["requests"] == "python3-requests"
    assert all(owned.values())


def test_facts(image: Image):
    """Distribution and tools are known, nothing was left unread, nothing looks like a credential."""
    assert image.os is not None
    assert (image.os.id, image.os.version_id != "") == ("debian", True)
    assert {"bash", "sh", "apt", "dpkg", "curl", "gcc", "pip"} <= {tool.name for tool in image.tools}
    assert "busybox" not in {tool.name for tool in image.tools}
    assert problems(image) == []
    assert image.credentials == ()
    assert image.config is not None


def test_both_archives_say_the_same(made: RealImage):
    """OCI layout with gzip and docker archive without give the same packages, layers included."""
    assert json_of(scan(made.oci)) == json_of(scan(made.docker))


def json_of(image: Image) -> list[tuple[str, int | None, str]]:
    """Return what must be equal."""
    return [(one.purl, one.location.layer, one.location.file) for one in image.packages if one.location is not None]


def test_the_tree_as_a_folder(made: RealImage):
    """The unpacked tree read as a folder has the packages of the image."""
    found = {(one.type, one.name, one.version) for one in scan(f"fs:{made.tree}").packages}
    assert found == {(one.type, one.name, one.version) for one in scan(made.docker).packages}


@pytest.mark.parametrize("form", ["cyclonedx", "spdx"])
def test_an_sbom_says_what_the_image_said(made: RealImage, tmp_path, form):
    """Packages, layers and vulnerabilities of a scanned SBOM equal those of the image it was made from."""
    database = tmp_path / "advisories.sqlite"
    wiring.run_import([str(REPOSITORY / "examples/shop/advisories")], database=database, progress=lambda _: None)
    settings = wiring.Settings(database=database)

    def scanned(reference):
        return wiring.run_scan(str(reference), settings=settings, database=str(database), progress=lambda _: None)

    report = scanned(made.oci)
    sbom = tmp_path / f"image.{form}"
    sbom.write_text(renderers()[form].render(report))
    again = scanned(sbom)
    assert len(report.facts.vulnerabilities) > 10
    for part in ("packages", "layers", "vulnerabilities"):
        assert getattr(report.facts, part) == getattr(again.facts, part)
