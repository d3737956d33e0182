"""Secrets planted in every place of an image appear in no output: scan and check in all formats, and the layer view."""

import json
import re
from pathlib import Path

import pytest

from commands import REPOSITORY, tidewaiter
from images import build_image
from tidewaiter.render import BUILTIN

SECRETS = {
    "file": "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17",
    "deleted": "glpat-" + "Zt8-fQ2mKx5vB7nL1cYd",
    "env": "Tr0ub4dor&3xkq",
    "label": "lin_api_" + "4fJ8sKq0ZxC7vB2nM5lP9wE3rT6yU1iO0aQzXcVb",
    "command": "r8_" + "9hGfDs4TqWePzLk3Mn7BvCx1ZaQsWeRdFtGyH",
    "argument": "Kq8zX2vB7nM4cY1d",
    "instruction": "hJ6pWq9zR2tLx0Vn",
}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an image that holds each secret once."""
    return build_image(
        tmp_path_factory.mktemp("image") / "image.tar",
        layers=[
            {"srv/app.conf": f"token {SECRETS['file']}\n", "srv/gone.conf": f"token {SECRETS['deleted']}\n"},
            {"srv/gone.conf": None},
        ],
        config={
            "Env": [f"DB_PASSWORD={SECRETS['env']}"],
            "Labels": {"note": SECRETS["label"]},
            "Entrypoint": ["run", SECRETS["command"]],
            "Cmd": ["--again", SECRETS["label"]],
        },
        history=[
            f"|1 API_TOKEN={SECRETS['argument']} /bin/sh -c make",
            f"!/bin/sh -c #(nop)  ENV SESSION_SECRET={SECRETS['instruction']}",
            f"RUN /bin/sh -c curl -u user:{SECRETS['env']} shop && echo {SECRETS['argument']} # buildkit",
        ],
    )


def leaks(text: str) -> list[str]:
    """Return the places whose secret stands in a text, in clear or in base 64's or JSON's way of writing."""
    plain = text.replace("&amp;", "&").replace("\\u0026", "&").replace("%26", "&")
    return [place for place, secret in SECRETS.items() if secret in plain]


@pytest.mark.parametrize("format_", [one.id for one in BUILTIN if "scan" in one.tags])
def test_no_format_shows_a_secret(image: Path, tmp_path: Path, format_: str):
    """Each format is written, and redacted."""
    done = tidewaiter("scan", image, "--format", format_, cwd=tmp_path)
    assert done.stdout
    assert leaks(done.stdout + done.stderr) == []


@pytest.mark.parametrize("arguments", [("scan", "--format", "table"), ("image", "show")])
def test_people_are_told_that_a_deleted_secret_can_be_pulled(image: Path, tmp_path: Path, arguments: tuple[str, ...]):
    """A layer below still holds it."""
    done = tidewaiter(*arguments, image, cwd=tmp_path)
    assert "still in every pull" in re.sub(r"\s+", " ", done.stdout)
    assert leaks(done.stdout + done.stderr) == []


def test_facts_tell_where_each_secret_is(image: Path, tmp_path: Path):
    """Every place is searched; the redacted text is enough to find it again."""
    facts = json.loads(tidewaiter("scan", image, "--format", "json", cwd=tmp_path).stdout)["facts"]
    found = {(one["rule"], one["source"], one["deletedLater"]) for one in facts["credentials"]}
    assert {
        ("github-token", "file", False),
        ("gitlab-token", "file", True),
        ("env-file", "env", False),
        ("linear-key", "label", False),
        ("replicate-token", "command", False),
        ("env-file", "build-arg", False),
        ("env-file", "history", False),
    } <= found
    assert all(
        re.fullmatch(r".{4}… \(\d+ characters, sha256 [0-9a-f]{8}\)", one["redacted"]) for one in facts["credentials"]
    )


def test_policies_say_it_too(image: Path, tmp_path: Path):
    """The finding about a leak of which a layer below keeps the file."""
    (tmp_path / "tree").mkdir()
    done = tidewaiter("check", "tree", "--image", image, "--format", "json", cwd=tmp_path)
    messages = [one["message"] for one in json.loads(done.stdout)["findings"]]
    assert any("deleted by a later layer but still in every pull" in message for message in messages)
    assert leaks(done.stdout + done.stderr) == []


def test_key_stores_are_searched_though_they_are_binary(tmp_path: Path):
    """By the ends of their names; other binary files are left out."""
    case = REPOSITORY / "tests/contract/credentials/key-store/fires.hex"
    store = bytes.fromhex(case.read_text().replace("~+~", ""))
    layer = {"srv/shop.jks": store, "srv/shop.P12": b"\0" + store, "srv/shop.bin": store}
    image = build_image(tmp_path / "image.tar", layers=[layer])
    facts = json.loads(tidewaiter("scan", image, "--format", "json", cwd=tmp_path).stdout)["facts"]
    assert [(one["rule"], one["path"]) for one in facts["credentials"]] == [("key-store", "srv/shop.jks")]


DOCKERFILE = f"""FROM debian:12
ARG API_TOKEN={SECRETS["argument"]}
ENV DB_PASSWORD="{SECRETS["env"]} x" OTHER={SECRETS["file"]}
ENV SESSION_SECRET {SECRETS["instruction"]}
"""
POD = f"""apiVersion: v1
kind: Pod
metadata: {{name: a, namespace: b}}
spec: {{containers: [{{name: c, image: x, env: [{{name: DB_PASSWORD, value: "{SECRETS["env"]}"}}]}}]}}
"""


@pytest.mark.parametrize("format_", [one.id for one in BUILTIN if "check" in one.tags])
def test_no_format_shows_a_secret_of_a_tree(tmp_path: Path, format_: str):
    """Dockerfiles and manifests set some in clear."""
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "pod.yaml").write_text(POD)
    done = tidewaiter("check", ".", "--format", format_, cwd=tmp_path)
    assert done.stdout
    assert leaks(done.stdout + done.stderr) == []
