"""The search for credentials with all formats at once, seeded with the texts in which each format finds something."""

from collections.abc import Callable, Iterator
from pathlib import Path

from fuzz.target import Target
from tidewaiter.core.registry import Registry
from tidewaiter.scan.credential_search import CredentialSearch
from tidewaiter.scan.credentials import BUILTIN

_CASES = Path(__file__).resolve().parent.parent / "contract" / "credentials"
_BREAK = b"~+~"
"""Stands inside every secret of the cases; see tests/contract/test_credentials.py."""
_SEARCH = CredentialSearch(Registry("credentials", BUILTIN))


def _targets() -> Iterator[Target]:
    for format_ in BUILTIN:
        for file in sorted((_CASES / format_.id).glob("*")):
            if file.is_file() and file.name != "expected.json" and not file.stem.startswith(("silent", "damaged")):
                seed = file.read_bytes().replace(_BREAK, b"")
                yield Target(f"credential {format_.id}", seed, _search(file.name))


def _search(name: str) -> Callable[[bytes], object]:
    return lambda data: _SEARCH.search(data, name)


TARGETS = tuple(_targets())
