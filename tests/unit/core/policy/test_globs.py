"""Globs and selectors."""

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.policy import globs
from tidewaiter.core.policy.selector import Selector, Traits, repository


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_agrees_with_fnmatch(pattern: str, text: str) -> None:
    """Stars and question marks mean what the shell means by them."""
    assert bool(re.match(fnmatch.translate(pattern), text)) == globs.matches(pattern, text)


def test_many_stars_do_not_explode() -> None:
    """A pattern made to stall a backtracking matcher ends at once."""
    assert not globs.matches("*a" * 200 + "b", "a" * 5000)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (Selector(), True),
        (Selector(namespace="sh*"), True),
        (Selector(namespace="prod", kind="Deployment"), False),
        (Selector(kind=("Pod", "Deployment")), True),
        (Selector(labels={"app": "w*"}), True),
        (Selector(labels={"tier": "*"}), False),
        (Selector(image="shop/web"), True),
        (Selector(image="shop/web:1.*"), True),
        (Selector(image="shop/api"), False),
        (Selector(container="*"), False),
        (Selector(namespace_labels={"env": "prod"}), False),
    ],
)
def test_all_conditions_must_hold(selector: Selector, expected: bool) -> None:
    """A condition on something that the subject does not have never holds."""
    traits = Traits(namespace="shop", kind="Deployment", name="web", labels={"app": "web"}, image="shop/web:1.0")
    assert expected == selector.matches(traits)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [("web", "web"), ("host:5000/web", "host:5000/web"), ("host:5000/web:1@sha256:00", "host:5000/web")],
)
def test_repository(reference: str, expected: str) -> None:
    """The port of a registry is no tag."""
    assert expected == repository(reference)
