"""Every order of versions against its own cases, the laws of an order, and the shared vectors of its ecosystem."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import shared
from tidewaiter.core.registry import Registry
from tidewaiter.core.vuln.versions import BUILTIN, Keys, VersionScheme, registry

CASES = Path(__file__).parent / "versions"
VECTORS = {
    "dpkg": ("debian-versions.txt", "debian-versions-generated.txt"),
    "rpm": ("redhat-versions.txt",),
    "apk": ("alpine-versions.txt", "alpine-versions-generated.txt"),
    "pep440": ("pypi-versions.txt", "pypi-versions-generated.txt"),
    "semver": ("semver-versions.txt",),
    "maven": ("maven-versions.txt", "maven-versions-generated.txt"),
    "rubygems": ("rubygems-versions.txt", "rubygems-versions-generated.txt"),
    "composer": ("packagist-versions.txt", "packagist-versions-generated.txt"),
    "nuget": ("nuget-versions.txt",),
}
CYCLE = (
    ("2.9.0.RC3", "<", "2.9.0"),
    ("2.9.0", "<", "2.9.0-1"),
    ("2.9.0-1", "<", "2.9.0.RC1"),
    ("2.9.0.RC1", "<", "2.9.0.RC3"),
)
"""What Maven says of four versions of one artifact: the first three are in its vectors. No order can keep all four; ours
gives up the third, because a release candidate precedes what is built from the release."""
by_id = pytest.mark.parametrize("scheme", BUILTIN, ids=lambda scheme: scheme.id)
ALPHABETS = ("0123456789", "abrcdevpost", ".-+~:!_ =v", "é٣\U0001f600\x00")
texts = st.text(alphabet=st.sampled_from("".join(ALPHABETS)), max_size=14) | st.text(max_size=8)


def comparisons(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (left, sign, right) of the lines that compare."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("#", "//", "refused")) or not line.strip():
            continue
        sign = next(sign for sign in ("<", "=", ">") if f" {sign} " in line)
        left, _, right = line.partition(f" {sign} ")
        yield left.strip(), sign, right.strip()


def sign_of(scheme: VersionScheme, left: str, right: str) -> str:
    """Return how two versions compare."""
    one, other = scheme.key(left), scheme.key(right)
    return "<" if one < other else ">" if other < one else "="


@by_id
def test_own_cases(scheme):
    """Each family's own lines hold, and what its grammar refuses is refused."""
    path = CASES / f"{scheme.id}.txt"
    wrong = [(a, sign, b) for a, sign, b in comparisons(path) if sign_of(scheme, a, b) != sign]
    assert not wrong
    refused = [line[8:] for line in path.read_text().splitlines() if line.startswith("refused")]
    assert refused
    assert not [text for text in refused if scheme.is_valid(text)]
    accepted = [text for a, sign, b in comparisons(path) for text in (a, b) if sign == "="]
    assert accepted
    assert not [text for text in accepted if not scheme.is_valid(text)]


@pytest.mark.corpus
@by_id
def test_vectors(scheme):
    """Every line of the shared vectors holds, but the one that contradicts the others."""
    for name in VECTORS.get(scheme.id, ()):
        path = shared(f"vectors/version-compare/{name}")
        lines = list(comparisons(path))
        assert len(lines) > 10
        wrong = [(a, sign, b) for a, sign, b in lines if sign_of(scheme, a, b) != sign]
        assert [line for line in (CYCLE[2],) if line in lines] == wrong


def test_the_one_vector_that_no_order_keeps():
    """Maven's comparison has cycles; of the one in the vectors everything holds but the line that closes it."""
    maven = registry()["maven"]
    assert [CYCLE[2]] == [line for line in CYCLE if sign_of(maven, line[0], line[2]) != line[1]]


@pytest.mark.corpus
def test_node_semver_vectors():
    """npm's own fixtures hold, loose ones too, and its grammar accepts each of them."""
    semver = registry()["semver"]
    greater = json.loads(shared("vectors/version-compare/node-semver-comparisons.json").read_text())
    equal = json.loads(shared("vectors/version-compare/node-semver-equality.json").read_text())
    assert [(a, b) for a, b, *_ in greater if sign_of(semver, a, b) != ">"] == []
    assert [(a, b) for a, b, *_ in equal if sign_of(semver, a, b) != "="] == []
    assert [text for a, b, *_ in (*greater, *equal) for text in (a, b) if not semver.is_valid(text)] == []


@by_id
@given(one=texts, two=texts, three=texts)
def test_order_laws(scheme, one, two, three):
    """Any three texts, versions or not, are totally, antisymmetrically and transitively ordered."""
    low, middle, high = sorted(scheme.key(text) for text in (one, two, three))
    assert low <= middle <= high
    assert low <= high
    assert (low == middle) or not (middle < low)
    assert (sign_of(scheme, one, two), sign_of(scheme, two, one)) in {("<", ">"), (">", "<"), ("=", "=")}
    assert scheme.key(one) == scheme.key(one)


@by_id
@given(data=st.data())
def test_order_laws_near_versions(scheme, data):
    """The laws hold for versions of the own cases and for what their parts can be joined to."""
    lines = list(comparisons(CASES / f"{scheme.id}.txt"))
    known = sorted({text for a, _, b in lines for text in (a, b)})
    parts = sorted({part for text in known for part in re.split(r"([0-9]+|[a-zA-Z]+)", text)})
    versions = st.sampled_from(known) | st.lists(st.sampled_from(parts), max_size=7).map("".join)
    one, two, three = (data.draw(versions) for _ in range(3))
    low, middle, high = sorted((one, two, three), key=scheme.key)
    assert sign_of(scheme, low, high) in {"<", "="}
    assert sign_of(scheme, low, middle) in {"<", "="}
    assert sign_of(scheme, middle, high) in {"<", "="}
    if sign_of(scheme, low, high) == "=":
        assert (sign_of(scheme, low, middle), sign_of(scheme, middle, high)) == ("=", "=")


@by_id
@given(versions=st.lists(texts, max_size=6))
def test_kept_keys_equal_fresh_ones(scheme, versions):
    """Keeping keys changes no comparison."""
    keys = Keys(scheme)
    for version in [*versions, *versions]:
        assert scheme.key(version) == keys[version]
        assert scheme.is_valid(version) == keys.is_valid(version)


@by_id
def test_hostile_lengths(scheme):
    """Numbers of any length are compared by value, without the interpreter's limit on digits; none is a version."""
    assert sign_of(scheme, "1." + "9" * 20_000, "1.1" + "0" * 20_001) == "<" or not scheme.is_valid("1." + "9" * 20_000)
    assert not scheme.is_valid("1." + "9" * 20_000)


@by_id
def test_hostile_shapes(scheme):
    """Long texts of any shape have a place in the order; what costs the square of its length would never end here."""
    shapes = ("1a", "1.", "1-", "-", "_p1", "0.", "~", "1.a.", "a1-", "1.1-", "1-1", " ", "+", "1:")
    keys = [scheme.key(shape * 40_000 + "x") for shape in shapes]
    ordered = sorted(keys)
    assert all(not after < one for one, after in pairwise(ordered))


def test_members_are_named_once():
    """An id that occurs twice is refused; every member is in the registry under its own id."""
    assert [scheme.id for scheme in BUILTIN] == [scheme.id for scheme in registry()]
    with pytest.raises(ValueError, match="twice"):
        Registry("versions", [*BUILTIN, BUILTIN[0]])
