"""What the environment says about layers, and what keeps programs apart in the cache."""

import os
from pathlib import Path

import pytest

import tidewaiter
from tidewaiter.wiring import read_settings
from tidewaiter.wiring.layers import LayerSettings, layer_services, layer_settings, program_version
from tidewaiter.wiring.numbers import SettingError


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
        ({"TIDEWAITER_NO_CACHE": "true", "TIDEWAITER_WORKERS": "", "TIDEWAITER_CACHE_MB": ""}, LayerSettings()),
    ],
)
def test_settings(environ: dict[str, str], expected: LayerSettings):
    """An empty text counts as not set."""
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


@pytest.mark.parametrize("name", ["TIDEWAITER_WORKERS", "TIDEWAITER_CACHE_MB", "SOURCE_DATE_EPOCH"])
@pytest.mark.parametrize("text", ["many", "-1", "1.5", "9" * 20])
def test_numbers_that_are_none_are_told(name, text):
    """A setting that cannot be meant is an error that names it, and never as good as unset."""
    with pytest.raises(SettingError, match=f"{name} is") as caught:
        read_settings({name: text, "HOME": "/h"})
    assert name in caught.value.advice
