"""Order, groups and sentences."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from answers import a_finding, a_patch, a_vulnerability, an_open_question
from tidewaiter.core.finding import Fix, ManualChange, SubjectRef
from tidewaiter.core.model.location import Location
from tidewaiter.core.rank import rank, urgency

_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "kev": st.booleans(),
        "epss": st.floats(0, 1),
        "exposed": st.booleans(),
        "fixed": st.sampled_from(["", "2"]),
    },
)


@st.composite
def _findings(draw):
    number = draw(st.integers(0, 12))
    return [
        a_finding(
            policy=draw(st.sampled_from(["root-user", "no-limits", "latest-tag"])),
            severity=draw(st.sampled_from(["critical", "high", "medium", "unknown", "low", "info"])),
            ref=draw(st.sampled_from(["Deployment/a", "Deployment/b"])),
            key=draw(st.sampled_from(["", "x", "y"])),
            facts=tuple(draw(_FACTS).items()),
            exception=draw(st.sampled_from([None, "accepted"])),
        )
        for _ in range(number)
    ]


@given(st.data())
def test_order_of_findings_does_not_matter(data):
    """The same findings in any order give the same groups, sentences included."""
    unique = list({finding.id: finding for finding in data.draw(_findings())}.values())
    shuffled = data.draw(st.permutations(unique))
    assert rank(unique) == rank(shuffled)


@given(_findings())
def test_every_finding_is_in_exactly_one_group(found):
    """Nothing is lost and nothing is told twice."""
    grouped = [finding.id for group in rank(found) for finding in group.findings]
    assert sorted({finding.id for finding in found}) == sorted(grouped)


def test_known_exploited_high_comes_before_critical():
    """What is being exploited outweighs one step of severity."""
    exploited = a_vulnerability("CVE-2024-1", package="a", more={"kev": True})
    critical = a_vulnerability("CVE-2024-2", package="b", severity="critical")
    assert ["a", "b"] == [dict(group.findings[0].facts)["package"] for group in rank([critical, exploited])]


def test_what_fails_the_gate_comes_before_what_warns():
    """The first sentence is about the exit code."""
    warning = a_finding(policy="warns", severity="critical", enforce="warn")
    failing = a_finding(policy="fails", severity="medium", enforce="fail")
    assert ["fails", "warns"] == [group.findings[0].policy for group in rank([warning, failing])]


def test_exempted_groups_and_open_questions_come_last():
    """What needs nobody now stands behind what needs somebody."""
    exempted = a_finding(policy="exempted", severity="critical", exception="ticket-1")
    question = an_open_question(policy="question", severity="critical")
    low = a_finding(policy="low", severity="low")
    assert ["low", "question", "exempted"] == [group.findings[0].policy for group in rank([exempted, question, low])]


def test_unknown_severity_ranks_with_medium():
    """A vulnerability that nobody scored is neither hidden nor shouted."""
    assert urgency(a_finding(severity="medium")) == urgency(a_finding(severity="unknown"))


def test_one_upgrade_closes_all_vulnerabilities_of_a_package():
    """Fixed versions differ; the one change goes to the highest in the order of the ecosystem."""
    found = [
        a_vulnerability("CVE-2024-1", fixed="3.0.9-1"),
        a_vulnerability("CVE-2024-2", fixed="3.0.13-1~deb12u1"),
        a_vulnerability("CVE-2024-3", fixed="3.0.10-1"),
    ]
    (group,) = rank(found)
    assert "upgrade openssl to 3.0.13-1~deb12u1" == group.fix.title
    assert 3 == len(group.findings)


def test_the_same_package_in_two_images_is_two_changes():
    """Each image is rebuilt on its own."""
    found = [a_vulnerability("CVE-2024-1", image="shop/web:1"), a_vulnerability("CVE-2024-1", image="shop/api:1")]
    assert 2 == len(rank(found))


def test_packages_without_a_patch_are_grouped_by_package():
    """Vulnerabilities that have no fix yet are still one decision about one package."""
    found = [a_vulnerability("CVE-2024-1", fix=None), a_vulnerability("CVE-2024-2", fix=None)]
    assert 1 == len(rank(found))


def test_the_same_patch_of_two_policies_is_one_change():
    """Two policies that ask for the same value at the same place are closed together."""
    fix = a_patch("/spec/template/spec/containers/0/securityContext/privileged")
    found = [a_finding(policy="privileged-container", fix=fix), a_finding(policy="pod-security", fix=fix)]
    (group,) = rank(found)
    assert "the same change closes 1 more" in group.sentence


def test_different_values_at_one_place_are_two_changes():
    """One patch cannot set both."""
    found = [a_finding(policy="a", fix=a_patch("/x", 1)), a_finding(policy="b", fix=a_patch("/x", 2))]
    assert 2 == len(rank(found))


def test_one_base_image_bump_is_one_group():
    """The identity of a manual change joins policies and packages."""
    fix = Fix(title="move to debian:12.5", patches=(ManualChange(identity="base debian in shop/web"),))
    assert 1 == len(rank([a_vulnerability("CVE-1", fix=fix), a_vulnerability("CVE-2", package="zlib1g", fix=fix)]))


def test_without_a_fix_the_field_decides():
    """One policy on two fields of a container is two findings, twice on one field is one change."""
    at = Location(file="a.yaml", pointer="/a")
    elsewhere = Location(file="a.yaml", pointer="/b")
    found = [a_finding(key="1", location=at), a_finding(key="2", location=at), a_finding(key="3", location=elsewhere)]
    assert [1, 2] == sorted(len(group.findings) for group in rank(found))


def test_group_ids_survive_moved_lines():
    """A line number is no part of what names a change."""
    found = a_finding()
    moved = msgspec.structs.replace(
        found, location=Location(file="deploy/web.yaml", line=99, pointer="/spec/privileged")
    )
    assert rank([found])[0].id == rank([moved])[0].id


def test_sentence_of_an_upgrade():
    """What, from which version, where, how many, and why now."""
    related = (Location(file="services/web/Dockerfile", line=5),)
    found = [
        a_vulnerability("CVE-2024-1", severity="critical", related=related, more={"exposed": True}),
        a_vulnerability("CVE-2024-2", related=related, more={"kev": True, "exposed": True}),
    ]
    (group,) = rank(found)
    expected = (
        "Upgrade openssl from 3.0.11 to 3.0.13 in shop/web:1 (services/web/Dockerfile:5) because it closes 2 "
        "vulnerabilities, the worst critical (CVE-2024-1), CVE-2024-2 is known to be exploited and it can be reached from outside."
    )
    assert expected == group.sentence


def test_sentence_of_one_likely_vulnerability():
    """EPSS is named when it says something."""
    (group,) = rank([a_vulnerability("CVE-2024-1", more={"epss": 0.62})])
    assert group.sentence.endswith(
        "because CVE-2024-1 (high) is in it and it has a 62% chance of being exploited within 30 days (EPSS)."
    )


def test_sentence_of_a_manifest_field():
    """The change is the fix's title, the object is named when the title does not name it."""
    (group,) = rank([a_finding(fix=a_patch("/privileged"))])
    expected = (
        "Set privileged in shop/Deployment/web[web] (deploy/web.yaml:23) because container web runs privileged (high)."
    )
    assert expected == group.sentence


def test_sentence_of_an_open_question():
    """An unknown asks to find out, and says why it is not known."""
    (group,) = rank([an_open_question()])
    expected = (
        "Find out whether container runs privileged in shop/Deployment/web[web] (deploy/web.yaml:23) "
        "because the image was not given."
    )
    assert expected == group.sentence


def test_the_object_is_named_once():
    """When the reason names it, the change does not repeat it."""
    message = "container web of shop/Deployment/web runs privileged"
    (group,) = rank([a_finding(fix=a_patch("/privileged"), message=message)])
    assert f"Set privileged (deploy/web.yaml:23) because {message} (high)." == group.sentence


def test_a_remediation_is_said_after_its_object():
    """Longer advice reads better behind the place."""
    (group,) = rank([a_finding(remediation="Use another way. Or not.")])
    expected = "In shop/Deployment/web[web] (deploy/web.yaml:23), use another way, because container web runs privileged (high)."
    assert expected == group.sentence


def test_exposure_is_told_where_it_matters():
    """A low finding of hygiene is not made urgent by its neighbours."""
    exposed = (("exposed", True),)
    (high,) = rank([a_finding(facts=exposed)])
    (low,) = rank([a_finding(severity="low", facts=exposed)])
    assert "can be reached from outside" in high.sentence
    assert "outside" not in low.sentence


def test_a_pin_is_one_change_for_the_lock_file_and_the_image():
    """Editing the lock file closes what was found in both places."""
    pin = Location(file="web/package-lock.json", line=26)
    installed = a_vulnerability("CVE-1", location=pin)
    locked = a_vulnerability(
        "CVE-1",
        location=pin,
        image="",
        fix=Fix(title="upgrade", patches=(ManualChange(identity="upgrade openssl in web/package-lock.json"),)),
    )
    assert 1 == len(rank([installed, locked]))


def test_an_upgrade_in_an_image_is_one_change_whichever_step_installed_it():
    """Some files of a source package come from the base, others from a line of the Dockerfile."""
    base = a_vulnerability("CVE-1")
    own = a_vulnerability("CVE-2", location=Location(file="web/Dockerfile", line=5))
    assert 1 == len(rank([base, own]))


def test_critical_before_likely_high_in_the_same_place():
    """A leaked credential is not outranked by the sum of small things."""
    leaked = a_finding(policy="leaked-credential", severity="critical", facts=(("exposed", True),))
    likely = [a_vulnerability(f"CVE-{n}", more={"epss": 0.9, "exposed": True}) for n in range(20)]
    assert "leaked-credential" == rank([*likely, leaked])[0].findings[0].policy


def test_the_severity_told_is_the_vulnerability_s_own():
    """A policy may judge a critical defect as high; the sentence still says what the defect is."""
    (group,) = rank([a_vulnerability("CVE-2024-1", severity="high", more={"severity": "critical"})])
    assert group.sentence.endswith("because CVE-2024-1 (critical) is in it.")
    (silent,) = rank([a_vulnerability("CVE-2024-1", severity="critical", more={"severity": "unknown"})])
    assert silent.sentence.endswith("because CVE-2024-1 (severity unknown) is in it.")


def test_a_file_that_is_the_object_is_named_once():
    """The line is enough where the object is the file."""
    subject = SubjectRef(kind="instruction", ref="web/Dockerfile")
    at = Location(file="web/Dockerfile", line=8)
    (group,) = rank([a_finding(subject=subject, location=at, remediation="Add a checksum.", message="ADD has none")])
    assert "In web/Dockerfile:8, add a checksum, because ADD has none (high)." == group.sentence


def test_the_whole_run_has_no_place():
    """Nobody edits the folder to bring advisory data up to date."""
    subject = SubjectRef(kind="tree", ref="examples/shop")
    at = Location(file="examples/shop")
    (group,) = rank([a_finding(subject=subject, location=at, remediation="Import it.", message="data is old")])
    assert "Import it because data is old (high)." == group.sentence


def test_equally_urgent_groups_are_read_in_the_order_of_the_files():
    """A reader goes through a file from top to bottom."""
    places = [("b.yaml", 2), ("a.yaml", 30), ("a.yaml", 4)]
    found = [
        a_finding(
            subject=SubjectRef(kind="container", ref=f"{file}{line}"),
            location=Location(file=file, line=line, pointer=f"/{line}"),
        )
        for file, line in places
    ]
    told = [(group.findings[0].location.file, group.findings[0].location.line) for group in rank(found)]
    assert [("a.yaml", 4), ("a.yaml", 30), ("b.yaml", 2)] == told


def test_a_critical_defect_comes_before_a_high_one_of_the_same_policy():
    """The policy has one severity for both; the defects differ."""
    worse, better = (
        a_finding(subject=SubjectRef(kind="vulnerability", ref="x", key=name), facts=(("severity", name),))
        for name in ("critical", "high")
    )
    assert urgency(worse) > urgency(better)
