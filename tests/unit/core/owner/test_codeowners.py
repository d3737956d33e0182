"""CODEOWNERS files."""

import pytest

from tidewaiter.core.finding import Owner
from tidewaiter.core.owner import is_routable, normalised, parse_codeowners

TEXT = r"""
# everything
*            @acme/platform
/services/   @alice docs@example.org  # two owners
/services/legacy/
[Section] @ignored
path\ with\ blank.yaml  team@example.org
*.md  nobody-routable!owner
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.yaml", Owner(value="team:acme/platform", rule="CODEOWNERS line 3")),
        ("services/web/Dockerfile", Owner(value="alice", rule="CODEOWNERS line 4")),
        ("services/legacy/x", None),
        ("path with blank.yaml", Owner(value="mailto:team@example.org", rule="CODEOWNERS line 7")),
        ("README.md", Owner(value="nobody-routable!owner", rule="CODEOWNERS line 8", routable=False)),
    ],
)
def test_last_match_wins(path, expected):
    """The last rule that means the path decides; one without owners takes the owner away."""
    assert expected == parse_codeowners(TEXT).owner_of(path)


@pytest.mark.parametrize(
    ("text", "expected", "routable"),
    [
        ("payments", "payments", True),
        ("team:payments", "team:payments", True),
        ("@acme/web", "team:acme/web", True),
        ("@alice", "alice", True),
        ("a@example.org", "mailto:a@example.org", True),
        ("mailto:a@example.org", "mailto:a@example.org", True),
        ("slack:#shop", "slack:#shop", True),
        ("slack:shop", "slack:shop", False),
        ("teams:19:abc@thread", "teams:19:abc@thread", True),
        ("https://hooks.example.org/x", "https://hooks.example.org/x", False),
        ("mailto:a@b\nBcc: c@d", "mailto:a@b\nBcc: c@d", False),
        ("The Web Team", "The Web Team", False),
        ("", "", False),
    ],
)
def test_grammar_of_values(text, expected, routable):
    """Known forms are routable, addresses of the network and free text never are."""
    assert (expected, routable) == (normalised(text), is_routable(normalised(text)))
