"""Which fixes a machine makes, and why the others are left."""

import pytest

from answers import a_finding, a_patch, a_report, a_vulnerability
from tidewaiter.cli.changes import changes, live_groups
from tidewaiter.core.finding import Fix, ReplaceText

MANIFEST = "a: 1  # one\nb: 2\n"


@pytest.fixture
def tree(tmp_path):
    """Make a tree with one file."""
    (tmp_path / "a.yaml").write_text(MANIFEST)
    return tmp_path


def groups_of(*findings):
    """Return the groups that these findings make."""
    return live_groups(a_report(findings))


def test_a_safe_fix_becomes_a_diff(tree):
    """Comments stay."""
    made = changes(groups_of(a_finding(fix=a_patch("/a", 3, file="a.yaml"))), path=str(tree), unsafe=False)
    assert "-a: 1  # one\n+a: 3  # one\n" in made.diff
    assert ((), 1) == (made.left, len(made.groups))
    assert MANIFEST == (tree / "a.yaml").read_text()


def test_an_unsafe_fix_needs_the_option(tree):
    """By default it is left with the reason."""
    groups = groups_of(a_finding(fix=a_patch("/a", 3, file="a.yaml", safe=False)))
    assert ("", 1) == ((made := changes(groups, path=str(tree), unsafe=False)).diff, len(made.left))
    assert "--unsafe" in made.left[0].reason
    assert changes(groups, path=str(tree), unsafe=True).diff


@pytest.mark.parametrize(
    ("fix", "words"),
    [
        (None, "no change is known"),
        (a_patch("/a", 3, file="gone.yaml"), "no such file"),
        (a_patch("/a", 3, file="../outside.yaml"), "outside of the tree"),
        (a_patch("/x/y/0/z", 3, file="bad.yaml"), "bad.yaml"),
        (
            Fix(title="t", safe=True, patches=(ReplaceText(file="a.yaml", line=1, find="nowhere", replacement="x"),)),
            "nowhere",
        ),
    ],
)
def test_what_cannot_be_changed_is_left_with_its_reason(tree, fix, words):
    """Other groups are changed all the same."""
    (tree.parent / "outside.yaml").write_text(MANIFEST)
    (tree / "bad.yaml").write_bytes(b"\xff\xfe")
    good = a_finding(policy="good", fix=a_patch("/b", 5, file="a.yaml"))
    made = changes(groups_of(a_finding(fix=fix), good), path=str(tree), unsafe=True)
    assert "+b: 5\n" in made.diff
    (left,) = made.left
    assert words in left.reason


def test_a_change_by_hand_is_left_for_a_person(tree):
    """An upgrade in an image is made by building it again."""
    (left,) = changes(groups_of(a_vulnerability("CVE-1")), path=str(tree), unsafe=True).left
    assert "made by hand" == left.reason


def test_exempted_findings_are_not_changed(tree):
    """What may stay stays."""
    assert () == groups_of(a_finding(fix=a_patch("/a"), exception="ticket"))


def test_changes_of_one_file_are_made_together(tree):
    """Lines named by findings are those of the original text, whatever is changed above them."""
    replace = Fix(title="t", safe=True, patches=(ReplaceText(file="a.yaml", line=2, find="2", replacement="9"),))
    found = [
        a_finding(policy="x", fix=a_patch("/a", {"long": ["er"]}, file="a.yaml")),
        a_finding(policy="y", fix=replace),
    ]
    made = changes(groups_of(*found), path=str(tree), unsafe=True)
    assert "+b: 9\n" in made.diff
    assert () == made.left
