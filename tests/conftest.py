"""No test reads or writes the user's own cache of layers; a test that means the cache names a folder of its own."""

import pytest


@pytest.fixture(autouse=True)
def _no_layer_cache(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TIDEWAITER_NO_CACHE", "1")
