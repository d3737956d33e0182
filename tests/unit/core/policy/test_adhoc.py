"""`--fail-on` as an ad-hoc policy."""

import pytest

from policies import NOW, tree
from tidewaiter.core.finding import ReplaceText
from tidewaiter.core.model.image import Image, Layer
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.policy import Evaluation, evaluate, load
from tidewaiter.core.policy.adhoc import FailOnError, fail_on

INSIDE = Location(file="usr/lib/jinja2/METADATA", layer=1)
PACKAGE = Package(type="pypi", name="Jinja2", version="3.0.0", location=INSIDE)
PIN = Package(
    type="pypi", name="Jinja2", version="3.0.0", found="locked", location=Location(file="requirements.txt", line=4)
)
FOUND = (
    Vulnerability(id="CVE-1", package=PACKAGE, severity=Severity.HIGH, fixed="3.1.4"),
    Vulnerability(id="CVE-2", package=PACKAGE, severity=Severity.LOW, fixed="3.1.10"),
    Vulnerability(id="CVE-3", package=PACKAGE, severity=Severity.CRITICAL, kev=True),
    Vulnerability(
        id="CVE-4", package=PACKAGE, severity=Severity.CRITICAL, fixed="3.1.4", suppressed="covered by vendor"
    ),
)
MADE = Location(file="Dockerfile", line=7)


def found_by(text: str, *, pinned: bool = False) -> Evaluation:
    """Judge one image with four vulnerabilities by an ad-hoc policy."""
    loaded = load([fail_on(text)])
    assert () == loaded.defects
    layers = (Layer(index=0, diff_id="a"), Layer(index=1, diff_id="b", instruction=MADE, confidence="exact"))
    image = Image(ref="shop/web:1.0", packages=(PACKAGE,), layers=layers)
    context = tree(images=(image,), packages=(PIN,) if pinned else (), vulnerabilities={"shop/web:1.0": FOUND})
    return evaluate(loaded, context, stage="build", now=NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("high", ["CVE-1", "CVE-3"]),
        ("high,fixable", ["CVE-1"]),
        (" Fixable ", ["CVE-1", "CVE-2"]),
        ("kev", ["CVE-3"]),
        ("low,os", []),
    ],
)
def test_words_are_joined_by_and(text: str, expected: list[str]) -> None:
    """A severity means this or worse; suppressed vulnerabilities never count; every hit fails the build."""
    findings = found_by(text).findings
    assert expected == [dict(f.facts)["vulnerability"] for f in findings]
    assert {"fail"} >= {f.enforce for f in findings}


@pytest.mark.parametrize(("text", "advice"), [("hihg", "did you mean `high`?"), ("", ""), ("unknown", "")])
def test_unknown_words_are_refused(text: str, advice: str) -> None:
    """A misspelt condition must not become "never fails"."""
    with pytest.raises(FailOnError) as caught:
        fail_on(text)
    assert advice in caught.value.advice


def test_one_upgrade_closes_all_of_a_package() -> None:
    """The fix names the highest of the fixed versions, in the order of the ecosystem, and one identity."""
    fixes = [f.fix for f in found_by("fixable").findings]
    assert ["upgrade Jinja2 from 3.0.0 to 3.1.10"] * 2 == [fix.title for fix in fixes if fix is not None]
    assert 1 == len({fix.patches for fix in fixes if fix is not None})


def test_the_place_is_where_it_is_fixed() -> None:
    """The Dockerfile line that made the layer comes first, the place in the image is related."""
    (finding,) = found_by("high,fixable").findings
    inside = Location(file=INSIDE.file, layer=1, image="shop/web:1.0")
    assert (MADE, (inside,)) == (finding.location, finding.related)


def test_a_pin_of_the_tree_is_patched() -> None:
    """Where a lock file pins the same version, the finding stands there and the fix changes the pin."""
    (finding,) = found_by("high,fixable", pinned=True).findings
    assert ("requirements.txt", 4) == (finding.location.file, finding.location.line)
    assert finding.fix is not None
    expected = ReplaceText(file="requirements.txt", line=4, find="Jinja2==3.0.0", replacement="Jinja2==3.1.10")
    assert (expected,) == finding.fix.patches
