"""Where credentials are found, and that they are never shown."""

import base64
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.adapters.registry.auth_files import Credential, decode_auth_file, normal_place, places
from tidewaiter.adapters.registry.challenge import Challenge, parse_challenges
from tidewaiter.adapters.registry.credentials import Credentials
from tidewaiter.adapters.registry.helpers import HelperError, ask_helper
from tidewaiter.ports.registry import RegistryError
from tidewaiter.scan.json_text import JsonError


def auth(text: str) -> dict[str, str]:
    """Return an entry as Docker writes it."""
    return {"auth": base64.b64encode(text.encode()).decode()}


def found(environ: dict[str, str], registry: str, repository: str = "team/web", **changes: object) -> str:
    """Return the user that is found for a repository, empty when there is none."""
    credential = Credentials({"HOME": "/nonexistent", **environ}, **changes).find(registry, repository)
    return credential.username if credential else ""


AUTHS = {
    "ghcr.io": auth("host:x"),
    "https://ghcr.io/team": auth("team:x"),
    "ghcr.io/team/web": auth("web:x"),
    "https://index.docker.io/v1/": auth("hub:x"),
    "Registry.Example.ORG:5000/v2/": {"username": "plain", "password": "x"},
    "empty.example.org": {},
    "broken.example.org": {"auth": "???"},
}


@pytest.mark.parametrize(
    ("registry", "repository", "user"),
    [
        ("ghcr.io", "team/web", "web"),
        ("ghcr.io", "team/web/deeper", "web"),
        ("ghcr.io", "team/other", "team"),
        ("ghcr.io", "teams/web", "host"),
        ("docker.io", "library/debian", "hub"),
        ("registry.example.org:5000", "x", "plain"),
        ("registry.example.org", "x", ""),
        ("empty.example.org", "x", ""),
        ("broken.example.org", "x", ""),
    ],
)
def test_longest_place_wins(registry: str, repository: str, user: str):
    """An entry for a repository wins over one for its registry; all names of Docker Hub are one."""
    assert found({"DOCKER_AUTH_CONFIG": json.dumps({"auths": AUTHS})}, registry, repository) == user


def test_files_in_their_order(tmp_path: Path):
    """The named file, then Podman's, then Docker's."""
    places = {
        "named": tmp_path / "named.json",
        "variable": tmp_path / "auth.json",
        "runtime": tmp_path / "run" / "containers" / "auth.json",
        "config": tmp_path / "conf" / "containers" / "auth.json",
        "docker": tmp_path / "docker" / "config.json",
        "legacy": tmp_path / ".dockercfg",
    }
    environ = {
        "HOME": str(tmp_path),
        "REGISTRY_AUTH_FILE": str(places["variable"]),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "XDG_CONFIG_HOME": str(tmp_path / "conf"),
        "DOCKER_CONFIG": str(tmp_path / "docker"),
    }
    for name, path in reversed(places.items()):
        path.parent.mkdir(parents=True, exist_ok=True)
        entries = {"example.org": auth(f"{name}:x")}
        path.write_text(json.dumps(entries if name == "legacy" else {"auths": entries}))
        assert found(environ, "example.org", file=str(path) if name == "named" else "") == name


def test_file_that_cannot_be_used(tmp_path: Path):
    """The file that the settings name must be there; a broken one of the usual places is remembered."""
    with pytest.raises(RegistryError, match=r"none\.json cannot be read"):
        found({}, "example.org", file=str(tmp_path / "none.json"))
    (tmp_path / "config.json").write_text("{")
    credentials = Credentials({"HOME": "/nonexistent", "DOCKER_CONFIG": str(tmp_path)})
    assert credentials.find("example.org", "x") is None
    assert len(credentials.problems) == 1
    assert "holds no credentials" in credentials.problems[0]


def helper(folder: Path, name: str, script: str) -> None:
    """Write a helper program."""
    path = folder / f"docker-credential-{name}"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_helpers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A helper is asked for the place it is named for, the store for everything else."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    helper(tmp_path, "fake", 'read server; echo "{\\"Username\\": \\"$server\\", \\"Secret\\": \\"x\\"}"')
    helper(tmp_path, "nothing", "echo credentials not found in native keychain; exit 1")
    helper(tmp_path, "fails", "echo boom; exit 3")
    helper(tmp_path, "babble", "echo hello")
    helper(tmp_path, "endless", "cat /dev/zero")
    file = {"credHelpers": {"one.example": "fake", "two.example": "nothing"}, "credsStore": "fails"}
    environ = {"DOCKER_AUTH_CONFIG": json.dumps(file)}
    assert found(environ, "one.example") == "one.example"
    credentials = Credentials({"HOME": "/nonexistent", **environ})
    assert credentials.find("two.example", "x") is None
    assert credentials.problems == [
        "the credential helper docker-credential-fails failed for two.example (exit code 3)"
    ]
    assert ask_helper("fake", "docker.io").username == "https://index.docker.io/v1/"
    told = {
        "babble": "not JSON",
        "absent": "is not installed",
        "../fake": "is not the name",
        "endless": "more than 1 MiB",
    }
    for name, words in told.items():
        with pytest.raises(HelperError, match=words):
            ask_helper(name, "x")


def test_identity_token():
    """The user `<token>` means that the secret is an identity token, in a file and from a helper."""
    (credential,) = decode_auth_file(json.dumps({"auths": {"x.io": auth("<token>:abc")}}).encode(), "f").auths.values()
    assert (credential.username, credential.password, credential.identity_token) == ("", "", "abc")


def test_secrets_are_not_shown():
    """A credential's text holds no secret."""
    secret = Credential(
        username="robot", password="s3cret", identity_token="t0ken", registry_token="b3arer", source="f"
    )
    assert repr(secret) == str(secret) == "Credential(source='f')"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("https://index.docker.io/v1/", "docker.io"),
        ("registry-1.docker.io", "docker.io"),
        ("HTTPS://GHCR.io/Team/", "ghcr.io/Team"),
        ("localhost:5000", "localhost:5000"),
    ],
)
def test_normal_place(written: str, place: str):
    """Places are compared without what Docker adds to them."""
    assert normal_place(written) == place


def test_places():
    """Places go from the repository up to its registry."""
    assert list(places("index.docker.io", "a/b")) == ["docker.io/a/b", "docker.io/a", "docker.io"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            'Bearer realm="https://auth.example/token",service="r",scope="repository:a:pull,push"',
            [("bearer", {"realm": "https://auth.example/token", "service": "r", "scope": "repository:a:pull,push"})],
        ),
        ('Basic realm="a \\"b\\""', [("basic", {"realm": 'a "b"'})]),
        (
            "Negotiate, Basic realm=x, BEARER Realm = y",
            [("negotiate", {}), ("basic", {"realm": "x"}), ("bearer", {"realm": "y"})],
        ),
        ('Bearer realm="open', [("bearer", {"realm": "open"})]),
        ("", []),
    ],
)
def test_challenges(header: str, expected: list[tuple[str, dict[str, str]]]):
    """Several challenges in one header are told apart."""
    if header.endswith('"open'):
        assert [one.scheme for one in parse_challenges([header])][:1] == ["bearer"]
        return
    assert parse_challenges([header]) == tuple(Challenge(*one) for one in expected)


@given(st.lists(st.text(), max_size=4))
def test_any_challenge_ends(headers: list[str]):
    """No header fails or hangs."""
    parse_challenges(headers)


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner) | st.lists(inner)
    )
)
def test_any_file_decodes(value: object):
    """Any JSON is a file of credentials or refused."""
    for document in (value, {"auths": value}, {"auths": {"x": value}}, {"credHelpers": value, "credsStore": value}):
        try:
            decode_auth_file(json.dumps(document).encode(), "f")
        except JsonError:
            assert not isinstance(document, dict)


def test_a_folder_that_may_not_be_looked_into_is_a_problem_and_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Another user's HOME (sudo, a CI runner) hides its files; the registry is asked without them."""

    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    credentials = Credentials({"HOME": str(tmp_path)})
    assert None is credentials.find("ghcr.io", "team/web")
    assert f"{tmp_path}/.docker/config.json cannot be read: Permission denied" in credentials.problems
