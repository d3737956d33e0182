"""What the environment says about layers, and what keeps programs apart in the cache."""

import os
from pathlib import Path

import pytest

import tidewaiter
from tidewaiter.wiring.layers import LayerSettings, layer_services, layer_settings, program_version


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, LayerSettings(folder=Path("/h/.cache/tidewaiter/layers"))),
        ({"TIDEWAITER_NO_CACHE": "1"}, LayerSettings()),
        ({"TIDEWAITER_NO_CACHE": "no"}, LayerSettings(folder=Path("/h/.cache/tidewaiter/layers"))),
        (
            {"XDG_CACHE_HOME": "/c", "TIDEWAITER_CACHE_MB": "5"},
            LayerSettings(folder=Path("/c/tidewaiter/layers"), most=5_000_000),
        ),
        ({"TIDEWAITER_NO_CACHE": "true", "TIDEWAITER_WORKERS": "0"}, LayerSettings(workers=0)),
        ({"TIDEWAITER_NO_CACHE": "true", "TIDEWAITER_WORKERS": "many", "TIDEWAITER_CACHE_MB": "-1"}, LayerSettings()),
    ],
)
def test_settings(environ: dict[str, str], expected: LayerSettings):
    """Nonsense counts as not set."""
    assert expected == layer_settings({"HOME": "/h"} | environ)


def test_services(tmp_path: Path):
    """Without a folder there is no cache; processes are always offered."""
    with layer_services(LayerSettings()) as services:
        assert services.cache is None
        assert services.workers is not None
    with layer_services(LayerSettings(folder=tmp_path)) as services:
        assert services.cache is not None
        services.cache.put("a" * 64, b"x")
    with layer_services(LayerSettings(folder=tmp_path)) as services:
        assert services.cache.get("a" * 64) == b"x"


def test_a_checkout_has_the_version_of_its_newest_source(tmp_path: Path):
    """A change of the scanner's code without another version finds nothing that was found before."""
    (tmp_path / "scan" / "image").mkdir(parents=True)
    source = tmp_path / "scan" / "image" / "tar.py"
    source.write_text("")
    first = program_version(tmp_path)
    os.utime(source, ns=(0, source.stat().st_mtime_ns + 1))
    assert first != program_version(tmp_path)
    assert tidewaiter.__version__ == program_version(tmp_path / "site-packages" / "tidewaiter")
