"""Debian's words."""

import pytest

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.debian import CODENAMES, release_of, severity_of, status_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bookworm", "12"), ("12", "12"), ("12.5", "12"), ("trixie", "13"), ("forky", "14"), ("sid", "sid"),
        ("unstable", "sid"), ("Bookworm", "12"), ("potato", "potato"), ("", ""),
        ("squeeze", "6"), ("6.0.10", "6"), ("etch", "4"), ("sarge", "3.1"), ("3.1", "3.1"), ("woody", "3.0"), ("3.0r6", "3.0r6"),
    ],
)  # fmt: skip
def test_releases(text, expected):
    """A release is one key however it is written; an unknown word is kept, so that nothing else is matched."""
    assert expected == release_of(text)


def test_codenames_are_unique():
    """No two codenames share a number."""
    assert len(CODENAMES) == len({number for _, number in CODENAMES}) == len({name for name, _ in CODENAMES})


@pytest.mark.parametrize(
    ("urgency", "expected"),
    [("unimportant", "low"), ("low**", "low"), ("high**", "high"), ("not yet assigned", ""), ("end-of-life", ""), ("medium", "medium")],
)  # fmt: skip
def test_urgencies(urgency, expected):
    """Asterisks do not count, and what is not assigned is no severity."""
    assert expected == severity_of(urgency)


def test_statuses_of_open_entries():
    """End of life is an urgency; the reason of a no-dsa note says the rest."""
    found = [
        status_of(*pair)
        for pair in (("end-of-life", "ignored"), ("", "ignored"), ("", "postponed"), ("", ""), ("", None))
    ]
    assert [Status.END_OF_LIFE, Status.WILL_NOT_FIX, Status.FIX_DEFERRED, Status.AFFECTED, Status.AFFECTED] == found
