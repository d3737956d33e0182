"""Scan of the bench image: wall, CPU and memory beside Syft, Trivy and bare decompression of the same layers.

    ./dev bench scan [IMAGE]
    TIDEWAITER_PEERS=FOLDER ./dev bench scan

Syft and Trivy are measured when they are on PATH or in `TIDEWAITER_PEERS`. Without IMAGE, the image of
`bench/lib/big_image.py` is made (minutes, root) or taken from the cache. Every figure is the best of three runs, with the
files in the page cache; memory is the peak over all processes of a command.
"""

# ruff: noqa: PLC0415 - each child process imports only what it measures

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / folder) for folder in ("src", "tests", "bench", "bench/lib")]

import big_image  # noqa: E402 - it lies in bench/lib
import peers  # noqa: E402
from cost import Cost, measure  # noqa: E402

SCANNED = frozenset({0, 3})
"""Exit codes of `tidewaiter scan`: without advisory data a scan is incomplete."""


def main() -> int:
    """Measure and print a table with ratios."""
    if len(sys.argv) > 1:
        archives = [Path(sys.argv[1])]
    elif big_image.missing():
        print(f"skipped: {big_image.missing()}; give an image as argument")
        return 0
    else:
        image = big_image.big_image()
        archives = [image.docker, image.oci]
    with tempfile.TemporaryDirectory() as folder:
        for archive in archives:
            _compare(archive, Path(folder))
    return 0


def _compare(archive: Path, folder: Path) -> None:
    print(f"\n{'OCI layout' if archive.is_dir() else 'archive'} of {size(archive) / 1e6:.0f} MB")
    print(f"{'':34}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}   ratio of the first scan")
    ours = _ours(archive, folder, cold=True)
    show("tidewaiter, first scan", ours, None)
    show("tidewaiter, no cache", _ours(archive, folder, "--no-cache"), None)
    _ours(archive, folder)
    show("tidewaiter, known image", _ours(archive, folder), None)
    inside = float(measure(sys.executable, __file__, "--known", str(archive), environment=environment(folder)).output)
    print(f"{'  of it, reading the known image':34}{inside:8.3f}")
    show("decompression of its layers", measure(sys.executable, __file__, "--decompress", str(archive)), ours)
    for peer in (peers.syft(archive), peers.trivy(archive, folder / "trivy")):
        if peer is not None:
            show(f"{peer.name} {peer.version}", measure(*peer.command, environment=peers.QUIET), ours, peer.said)


def environment(folder: Path, *, cold: bool = False) -> dict[str, str]:
    """Return what our command runs with; cold, its cache can keep nothing, though all is hashed and packed for it."""
    return {"XDG_CACHE_HOME": "/dev/null" if cold else str(folder / "cache"), "PYTHONPATH": str(ROOT / "src")}


def _ours(archive: Path, folder: Path, *options: str, cold: bool = False) -> Cost:
    command = (sys.executable, "-m", "tidewaiter", "scan", str(archive), "--format", "json", *options)
    return measure(*command, environment=environment(folder, cold=cold), codes=SCANNED)


def show(name: str, cost: Cost, ours: Cost | None, said: str = "") -> None:
    """Print one line."""
    ratios = ""
    if ours is not None:
        ratios = f"   {ours.wall / cost.wall:.2f} wall, {ours.cpu / cost.cpu:.2f} CPU, {ours.memory / cost.memory:.2f} memory"
    print(f"{name:34}{cost.wall:8.2f}{cost.cpu:8.2f}{cost.memory:9.0f}{ratios}{f' ({said})' if said else ''}")


def size(path: Path) -> int:
    """Return the bytes of a file or of a folder's files."""
    return (
        sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size
    )


def known(archive: str) -> None:
    """Print the seconds that reading an image takes whose layers are all in the cache."""
    import os

    from tidewaiter.adapters.images import open_image
    from tidewaiter.scan.image import read_image
    from tidewaiter.wiring.layers import layer_services, layer_settings
    from tidewaiter.wiring.tools import analyzer_registry

    analyzers = analyzer_registry()
    with layer_services(layer_settings(os.environ)) as services:
        started = time.perf_counter()
        with open_image(archive) as store:
            read_image(store, analyzers=analyzers, ref=archive, source=archive, services=services)
        print(time.perf_counter() - started)


def decompress(archive: str) -> None:
    """Only decompress the layers, as fast as igzip can; plain layers are only read."""
    from isal import igzip_lib

    from tidewaiter.adapters.images import open_image

    with open_image(archive) as store:
        for layer in store.layers:
            with store.open(layer) as stream:
                data = stream.read(1 << 17)
                packed = data.startswith(b"\x1f\x8b")
                unpack = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
                while data:
                    while packed and not unpack.eof:
                        unpack.decompress(data, 1 << 20)
                        data = b""
                        if unpack.needs_input:
                            break
                    data = stream.read(1 << 17)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--known"]:
        known(sys.argv[2])
    elif sys.argv[1:2] == ["--decompress"]:
        decompress(sys.argv[2])
    else:
        sys.exit(main())
