"""The facts and the few words they compute."""

import pytest

from tidewaiter.core.model.image import ImageConfig
from tidewaiter.core.model.kubernetes import KubernetesObject
from tidewaiter.core.model.location import Location, Position
from tidewaiter.core.model.package import Package, normalised_python_name
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.vulnerability import Status


@pytest.mark.parametrize(
    ("package", "purl"),
    [
        (Package(type="pypi", name="Flask_Cors", version="4.0.0"), "pkg:pypi/flask-cors@4.0.0"),
        (Package(type="npm", name="@babel/core", version="7.0.0"), "pkg:npm/%40babel/core@7.0.0"),
        (
            Package(
                type="deb",
                namespace="debian",
                name="libssl3",
                version="3.0.11-1+b1",
                arch="amd64",
                distro="debian-12",
                source_name="openssl",
                source_version="3.0.11-1",
            ),
            "pkg:deb/debian/libssl3@3.0.11-1%2Bb1?arch=amd64&distro=debian-12&upstream=openssl%403.0.11-1",
        ),
    ],
)
def test_purl(package: Package, purl: str) -> None:
    """A package is named by its canonical package URL."""
    assert purl == package.purl


def test_python_names_are_folded_as_pep_503_says() -> None:
    """Runs of separators become one hyphen, letters lower case."""
    assert "zope-interface-x" == normalised_python_name("Zope.Interface_-x")


def test_a_source_package_defaults_to_the_binary() -> None:
    """dpkg writes `Source` only when it differs."""
    assert ("zlib1g", "1") == Package(type="deb", name="zlib1g", version="1").source


@pytest.mark.parametrize(
    ("user", "uid", "root"),
    [("", None, True), ("0:0", None, True), ("root", None, True), ("app", 1000, False), ("app", 0, True)],
)
def test_root(user: str, uid: int | None, root: bool) -> None:
    """An empty user is root, and a name that resolves to uid 0 is root too."""
    assert root == ImageConfig(user=user, uid=uid).is_root


class _Fixed:
    def find(self, pointer: str) -> Position | None:
        return Position(line=7, column=3) if pointer == "/items/0/spec" else None


def test_an_object_places_its_fields() -> None:
    """Pointers inside an item of a List start at the item."""
    item = KubernetesObject(
        api_version="apps/v1", kind="Deployment", name="web", namespace="shop", raw={}, file="a.yaml",
        pointer="/items/0", positions=_Fixed(),
    )  # fmt: skip
    assert Location(file="a.yaml", line=7, column=3, pointer="/items/0/spec") == item.at("/spec")
    assert Location(file="a.yaml", pointer="/items/0/status") == item.at("/status")
    assert "apps" == item.group
    assert "shop/Deployment/web" == item.ref


def test_labels_that_are_not_text_are_left_out() -> None:
    """Broken metadata never crashes a reader."""
    broken = {"metadata": {"labels": {"a": 1, "b": "x", 3: "y"}, "annotations": ["no"]}}
    thing = KubernetesObject(api_version="v1", kind="Pod", name="p", namespace="default", raw=broken)
    assert {"b": "x"} == thing.labels
    assert {} == thing.annotations
    assert "" == thing.group
    assert "Pod/p" == thing.ref
    assert {} == KubernetesObject(api_version="v1", kind="Pod", name="p", raw={"metadata": 1}).labels


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location(file="a.yaml", line=3, column=5), "a.yaml:3:5"),
        (Location(image="shop/web:1", layer=2, file="etc/passwd"), "shop/web:1 layer 2: etc/passwd"),
        (Location(image="shop/web:1"), "shop/web:1"),
        (Location(pointer="/spec"), "/spec"),
    ],
)
def test_locations_read_like_people_write_them(location: Location, text: str) -> None:
    """A location in a table can be pasted into an editor."""
    assert text == str(location)


def test_severities_rank() -> None:
    """Unknown severity ranks with medium and is still shown as unknown."""
    assert Severity.UNKNOWN.rank == Severity.MEDIUM.rank
    assert Severity.CRITICAL.rank > Severity.HIGH.rank > Severity.MEDIUM.rank > Severity.LOW.rank > Severity.INFO.rank


def test_a_vendor_who_will_not_fix_leaves_it_vulnerable() -> None:
    """Plans of the vendor do not change the defect."""
    assert {"affected", "will_not_fix", "fix_deferred", "end_of_life"} == {s for s in Status if s.is_vulnerable}
