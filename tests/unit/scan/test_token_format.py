"""The helpers that formats of credentials share, and what the search does with several formats in one place."""

import base64
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.registry import Registry
from tidewaiter.scan.credential_search import CredentialSearch
from tidewaiter.scan.credentials import BUILTIN
from tidewaiter.scan.json_web_token import account, claims, ends, is_sample
from tidewaiter.scan.token_format import TokenFormat, assigned, entropy, is_password, looks_random, redact

SEARCH = CredentialSearch(Registry("credentials", BUILTIN))


@pytest.mark.parametrize(("token", "bits"), [(b"", 0.0), (b"aaaa", 0.0), (b"abab", 1.0), (b"abcd", 2.0)])
def test_entropy(token: bytes, bits: float):
    """Bits per byte by frequency."""
    assert entropy(token) == bits


@pytest.mark.parametrize(
    ("token", "random"),
    [
        (b"gX3kP9vQ2mZ7", True),
        (b"gXkPvQmZwLrT", False),
        (b"928374650192", False),
        (b"example-gX3kP9vQ2mZ7", False),
        (b"a1a1a1a1a1a1", False),
    ],
)
def test_random_values(token: bytes, random: bool):
    """Letters and digits, many of them, and no placeholder."""
    assert looks_random(token) is random


@pytest.mark.parametrize(
    ("text", "is_secret"),
    [
        (b"gX3kP9vQ2mZ7", True),
        (b"correct horse", True),
        (b"${PASSWORD}", False),
        (b"$(cat x)", False),
        (b"{{ password }}", False),
        (b"/run/secrets/db", False),
        (b"changeme1", False),
        (b"DbPassword", False),
        (b"vault:secret/db", False),
        (b"null", False),
    ],
)
def test_passwords(text: bytes, is_secret: bool):
    """References, commands and common words are none."""
    assert is_password(text) is is_secret


@pytest.mark.parametrize(
    "text",
    ['API_KEY="abc123"', "api_key: abc123", "'api_key' => 'abc123'", "apiKey := `abc123`", '"api-key", "abc123"'],
)
def test_assignments(text: str):
    """Of programs, settings, and calls."""
    found = assigned(rb"api[_-]?key", rb"[a-z0-9]{6}").compiled.search(text.encode())
    assert found is not None
    assert found["token"] == b"abc123"


@pytest.mark.parametrize("text", ["api_key=abc1234", "api_key\n=abc123", "api_key abc123"])
def test_other_texts_are_no_assignments(text: str):
    """Longer values, other lines, and no sign between."""
    assert assigned(rb"api_key", rb"[a-z0-9]{6}").compiled.search(text.encode()) is None


def token(header: object, payload: object) -> bytes:
    """Return the text of a signed token."""
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (header, payload)]
    return b".".join([*parts, b"c2lnbmF0dXJlLXNpZ25hdHVyZQ"])


def test_json_web_tokens():
    """Claims, the end, the account; unsigned and damaged ones are none."""
    found = claims(token({"alg": "RS256"}, {"sub": "system:serviceaccount:shop:web", "exp": 1893456000}))
    assert found is not None
    assert (account(found), ends(found)) == ("shop/web", "valid until 2030-01-01")
    assert claims(token({"alg": "none"}, {"sub": "x"})) is None
    assert claims(token({"alg": "RS256"}, [])) is None
    assert claims(b"eyJ.eyJ.x") is None
    assert [ends({"exp": one}) for one in (None, "x", True, -1, 1e30, float("inf"))] == ["without an end"] * 6
    assert is_sample({"some": "payload"})
    assert account({"sub": "x y"}) == "an account without a name"


def test_formats_with_a_mark_have_precedence():
    """The same secret is told once, by the format that knows it."""
    secret = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"
    assert [one.rule for one in SEARCH.search(f"GITHUB_TOKEN={secret}\n".encode(), "srv/.env")] == ["github-token"]
    assert [one.rule for one in SEARCH.search(b"APP_TOKEN=gX3kP9vQ2mZ7wR4t\n", ".env")] == ["env-file"]


def test_secrets_to_hide():
    """Each with what is shown in its place."""
    secret = b"ghp_" + b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"
    assert SEARCH.secrets(b"x " + secret) == {secret: redact(secret)}


def test_the_account_of_an_aws_key():
    """Keys since 2019 carry it; older ones do not."""
    key = b"AKIA" + base64.b32encode(((123456789012 << 7) | (1 << 47)).to_bytes(6, "big") + b"\x07\x11\x93\x27")
    (found,) = SEARCH.search(key)
    assert found.title == "AWS access key id of account 123456789012"


@pytest.mark.parametrize("format_", BUILTIN, ids=lambda one: one.id)
def test_long_runs_behind_a_keyword_cost_their_length(format_: TokenFormat):
    """A pattern that goes back over what it read would make this test run for minutes."""
    searcher = CredentialSearch([format_])
    name = (format_.files or ("x",))[0]
    words = format_.keywords or (b"password = ", b'"password": "', b"token: ", b"<password>")
    for word in words[:4]:
        for fill in (b"a", b" ", b"A1", b"a.", b"a: "):
            searcher.search(word + fill * 50_000, name)
        for between in (b"", b"=", b" "):
            searcher.search((word + between) * 5_000, name)


@given(st.binary(max_size=300) | st.text(alphabet="eyJ.:=_-$\"'Aa1 \n", max_size=300).map(str.encode))
def test_any_bytes_can_be_searched(data: bytes):
    """Nothing raises, and whatever is told is redacted."""
    for name in ("x", ".env", "config.json", "master.key", "shadow"):
        for one in SEARCH.search(data, name):
            assert re.fullmatch(r".{1,4}… \(\d+ characters, sha256 [0-9a-f]{8}\)", one.redacted, re.DOTALL)


def test_a_token_in_the_place_of_a_password_is_told_once():
    """By the format that knows the token."""
    secret = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"
    text = f"machine github.com\nlogin shop\npassword {secret}\n"
    assert [one.rule for one in SEARCH.search(text.encode(), "root/.netrc")] == ["github-token"]
    assert [one.rule for one in SEARCH.search(text.replace("ghp_", "").encode(), "root/.netrc")] == ["netrc"]
