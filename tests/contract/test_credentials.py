"""Every credential format against its own cases: one that fires, one that stays silent, one that is cut off."""

import json
from pathlib import Path

import msgspec
import pytest

from tidewaiter.core.registry import Registry
from tidewaiter.scan.credential_search import CredentialSearch
from tidewaiter.scan.credentials import BUILTIN
from tidewaiter.scan.token_format import Token, TokenFormat

CASES = Path(__file__).parent / "credentials"
BREAK = "~+~"
"""Stands inside every made-up secret of the cases, so that no search of this repository takes it for a real one."""


def read(folder: Path) -> dict[str, bytes]:
    """Return the inputs of a format by their name."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "expected.json")
    return {path.relative_to(folder).as_posix(): contents(path) for path in files}


def contents(path: Path) -> bytes:
    """Return what a case is searched for; binary ones are kept as hex digits."""
    text = path.read_text().replace(BREAK, "")
    return bytes.fromhex(text) if path.suffix == ".hex" else text.encode()


def search(format_: TokenFormat, inputs: dict[str, bytes]) -> dict[str, tuple[Token, ...]]:
    """Search all inputs with one format."""
    searcher = CredentialSearch([format_])
    return {name: searcher.search(body, name) for name, body in inputs.items()}


@pytest.mark.parametrize("format_", BUILTIN, ids=lambda format_: format_.id)
def test_cases(format_: TokenFormat):
    """A format finds exactly what `expected.json` says, and never prints the secret."""
    folder = CASES / format_.id
    inputs = read(folder)
    found = search(format_, inputs)

    expected = json.loads((folder / "expected.json").read_text())
    assert json.loads(msgspec.json.encode(found)) == expected
    assert found == search(format_, inputs)
    assert [name for name, tokens in found.items() if tokens] == [next(name for name in found if is_firing(name))]


def is_firing(name: str) -> bool:
    """Return whether an input is the one in which something stands."""
    return not name.startswith(("silent", "damaged"))


@pytest.mark.parametrize("format_", BUILTIN, ids=lambda format_: format_.id)
def test_declaration(format_: TokenFormat):
    """A format is named as its file, says how it is found, and its pattern marks the secret."""
    module = Path(__file__).parents[2] / "src/tidewaiter/scan/credentials" / f"{format_.id.replace('-', '_')}.py"
    assert module.exists()
    assert bool(format_.keywords) != bool(format_.files)
    assert all(len(keyword) >= 3 for keyword in format_.keywords)
    assert "token" in format_.pattern.compiled.groupindex
    assert format_.tags
    assert format_.title


def test_members_do_not_disturb_each_other():
    """All formats together find in each case what the one format finds."""
    everything = CredentialSearch(Registry("credentials", BUILTIN))
    for format_ in BUILTIN:
        for name, body in read(CASES / format_.id).items():
            found = everything.search(body, name)
            alone = CredentialSearch([format_]).search(body, name)
            assert set(alone) <= set(found), (format_.id, name)


def test_every_folder_of_cases_has_a_format():
    """No case is left behind when a format is renamed."""
    assert {path.name for path in CASES.iterdir()} == {format_.id for format_ in BUILTIN}


@pytest.mark.parametrize(
    "form",
    [
        "NAME={}\n",
        "export NAME='{}'\n",
        'NAME="{}"; run\n',
        "set NAME={};run\n",
        "name: {}\r\n",
        '{{"name":"{}"}}',
        "NAME: '{}'\n",
        '<add value="{}"/>',
        "f('{}')",
        "ENV NAME {}\n",
    ],
)
def test_tokens_with_a_mark_of_their_own_are_found_however_they_are_written(form: str):
    """A format that knows its token by a prefix needs no certain character before or behind it."""
    missed = []
    for format_ in BUILTIN:
        search = CredentialSearch([format_])
        for name, body in read(CASES / format_.id).items():
            for secret in search.secrets(body, name) if format_.keywords and is_firing(name) else ():
                if not (secret.isascii() and any(keyword in secret for keyword in format_.keywords)):
                    continue
                if secret not in search.secrets(form.format(secret.decode()).encode()):
                    missed.append(format_.id)
    assert not missed
