"""Scores of CVSS vectors; the expected figures are those of the specifications' own examples and calculators."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.model.severity import Severity
from tidewaiter.core.vuln.cvss import band, best, score
from tidewaiter.core.vuln.cvss_v4_table import TENTHS, macro_score

LOG4SHELL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"


@pytest.mark.parametrize(
    ("vector", "expected"),
    [
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0),
        ("(AV:L/AC:H/Au:N/C:C/I:C/A:C)", 6.2),
        ("AV:N/AC:L/Au:N/C:N/I:N/A:N", 0.0),
        ("AV:N/AC:M/Au:N/C:P/I:N/A:N/E:F/RL:OF/RC:C", 4.3),
        (LOG4SHELL, 10.0),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
        ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L", 1.6),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:L/A:N", 4.2),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0),
        ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N/E:X/S:X/AU:X/R:X/V:X/RE:X/U:X", 6.3),
        ("CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", 5.9),
    ],
)
def test_scores(vector, expected):
    """Every version scores as its specification does."""
    found = score(vector)
    assert found is not None
    assert expected == found.score


@pytest.mark.parametrize(
    "vector",
    [
        "",
        "CVSS:3.1/AV:N",
        "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
        "CVSS:3.1/AV:Z/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
        "CVSS:5.0/AV:N",
        "7.5",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:S/SI:H/SA:H",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:Q",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/MAV:",
    ],
)
def test_no_vector_no_score(vector):
    """An incomplete, doubled or unknown metric gives no score instead of a wrong one."""
    assert score(vector) is None


def test_newest_version_speaks():
    """4.0 before 3.1 before 3.0 before 2.0; the highest of one version."""
    two, three = "AV:N/AC:L/Au:N/C:C/I:C/A:C", "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L"
    found = best([two, three, "broken"])
    assert found is not None
    assert ("3.1", 1.6) == (found.version, found.score)
    assert best([three, LOG4SHELL]) == best([LOG4SHELL, three]) == score(LOG4SHELL)
    assert best([]) is None


def test_bands():
    """The bands are those of the specification; 0 is no severity."""
    words = [band(value) for value in (0.0, 0.1, 3.9, 4.0, 6.9, 7.0, 8.9, 9.0, 10.0)]
    low, medium, high, critical = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL
    assert [Severity.INFO, low, low, medium, medium, high, high, critical, critical] == words


def test_table_of_macro_vectors():
    """The standard ranks 270 MacroVectors; one that does not exist has no score."""
    assert 270 == sum(map(len, TENTHS.values()))
    assert macro_score((0, 0, 2, 0, 0, 0)) is None
    assert macro_score((0, 0, 0, 3, 0, 0)) is None
    assert macro_score((3, 0, 0, 0, 0, 0)) is None


METRICS = {
    "AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA", "VC": "HLN", "VI": "HLN", "VA": "HLN", "SC": "HLN",
    "SI": "HLN", "SA": "HLN", "E": "XAPU", "CR": "XHML", "IR": "XHML", "AR": "XHML", "MSI": "XSHLN", "MAV": "XNALP",
}  # fmt: skip


@given(
    values=st.fixed_dictionaries({name: st.sampled_from(letters) for name, letters in METRICS.items()}), data=st.data()
)
def test_version_4_is_monotone(values, data):
    """Every complete vector has a score in range, and making one impact worse never lowers it."""
    found = score("CVSS:4.0/" + "/".join(f"{name}:{value}" for name, value in values.items()))
    assert found is not None
    assert 0.0 <= found.score <= 10.0
    name = data.draw(st.sampled_from(["VC", "VI", "VA"]))
    worse = score("CVSS:4.0/" + "/".join(f"{key}:{'H' if key == name else value}" for key, value in values.items()))
    assert worse is not None
    assert worse.score >= found.score


@given(text=st.text(max_size=60))
def test_any_text_is_survived(text):
    """A text is a vector or it is not; nothing raises."""
    found = score(text)
    assert found is None or 0 <= found.score <= 10
