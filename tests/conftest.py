"""No test reads or writes the user's own cache of layers or inventories; a test that means them names a folder."""

import pytest


@pytest.fixture(autouse=True)
def _no_layer_cache(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TIDEWAITER_NO_CACHE", "1")
    monkeypatch.setenv("TIDEWAITER_NO_STORE", "1")
