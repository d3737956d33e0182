"""Finds the shared corpora, vectors, advisories and feeds, which are never part of the repository."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("TIDEWAITER_SHARED", REPOSITORY.parent / "shared"))


def shared(relative: str) -> Path:
    """Return a path below the shared data, or skip the test with the reason where it is absent."""
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"shared data not found: {path} (set TIDEWAITER_SHARED to its folder)")
    return path
