"""The cache of layers as a person meets it: a second scan tells the same, from files that may be lost or broken."""

import json
from pathlib import Path
from typing import Any

from commands import tidewaiter
from images import build_image
from scanning import status


def _scan(folder: Path, *options: str, **environ: str) -> dict[str, Any]:
    done = tidewaiter(
        "scan", "image.tar", "--format", "json", *options, cwd=folder, SOURCE_DATE_EPOCH="1790000000", **environ
    )
    assert done.returncode == 3, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "tidewaiter" / "layers").rglob("*") if path.is_file())


def test_a_second_scan_tells_the_same(tmp_path: Path):
    """From the cache, from a broken cache, and with another image on the same base."""
    base = {"etc/os-release": "ID=debian\nVERSION_ID=12\n", "var/lib/dpkg/status": status("curl=1")}
    build_image(tmp_path / "image.tar", layers=[base, {"a-1.dist-info/METADATA": "Name: a\nVersion: 1\n"}], gzip=True)
    cache = tmp_path / "cache"
    first = _scan(tmp_path, XDG_CACHE_HOME=str(cache))
    assert len(_files(cache)) == 2
    assert first == _scan(tmp_path, XDG_CACHE_HOME=str(cache))
    for file in _files(cache):
        file.write_bytes(file.read_bytes()[:-1])
    assert first == _scan(tmp_path, XDG_CACHE_HOME=str(cache))
    build_image(tmp_path / "image.tar", layers=[base, {"b-1.dist-info/METADATA": "Name: b\nVersion: 1\n"}])
    names = {one["name"] for one in _scan(tmp_path, XDG_CACHE_HOME=str(cache))["facts"]["packages"]}
    assert names == {"curl", "b"}
    assert len(_files(cache)) == 3


def test_no_cache(tmp_path: Path):
    """Neither option nor variable leave anything behind, and nothing else is told."""
    build_image(tmp_path / "image.tar", layers=[{"a-1.dist-info/METADATA": "Name: a\nVersion: 1\n"}])
    cache = tmp_path / "cache"
    reports = [
        _scan(tmp_path, "--no-cache", XDG_CACHE_HOME=str(cache)),
        _scan(tmp_path, XDG_CACHE_HOME=str(cache), TIDEWAITER_NO_CACHE="1"),
    ]
    assert not cache.exists() or _files(cache) == []
    reports.append(_scan(tmp_path, XDG_CACHE_HOME=str(cache), TIDEWAITER_WORKERS="0", TIDEWAITER_CACHE_MB="10"))
    assert reports[0] == reports[1] == reports[2]
    assert len(_files(cache)) == 1
