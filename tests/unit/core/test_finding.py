"""The identity of findings."""

from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.finding import SubjectRef, finding_id


def test_the_id_is_recorded() -> None:
    """Ids stand in people's accepted.json, so the formula may not change by accident."""
    subject = SubjectRef(kind="container", ref="shop/Deployment/web", container="web")
    assert "c27f93765f502ee3" == finding_id(policy="privileged-container", rule="privileged", subject=subject)


def test_namespace_and_image_do_not_enter_twice() -> None:
    """Facts that only accompany the subject do not change the id."""
    plain = SubjectRef(kind="container", ref="shop/Deployment/web", container="web")
    decorated = SubjectRef(kind="container", ref="shop/Deployment/web", container="web", namespace="shop", image="i")
    assert finding_id(policy="p", rule="r", subject=plain) == finding_id(policy="p", rule="r", subject=decorated)


@given(st.tuples(*[st.text(max_size=8)] * 4), st.tuples(*[st.text(max_size=8)] * 4))
def test_different_subjects_have_different_ids(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """No shuffling of text between fields gives the same id."""
    ids = [
        finding_id(policy="p", rule="r", subject=SubjectRef(kind=k, ref=r, container=c, key=e))
        for k, r, c, e in (one, other)
    ]
    clean = [tuple(part.replace("\x1f", " ") for part in parts) for parts in (one, other)]
    assert (clean[0] == clean[1]) == (ids[0] == ids[1])
