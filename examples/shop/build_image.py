"""Make the shop's images without a container engine: `python build_image.py [web] [orders] [notify]`.

Each becomes `NAME.tar`, an archive as `docker save` writes it. Python packages are real wheels and npm packages real
archives, pinned by hash in the services' own lock files; they are fetched once and kept below
`$XDG_CACHE_HOME/tidewaiter/shop`. The Debian packages are real names and versions, their programs are stubs. The same
input gives the same bytes. An archive whose input has not changed since is left alone.

Exit codes: 0 made or up to date (`notify` is only skipped, with a note, when its packages cannot be had);
1 `web` or `orders` could not be made; 2 bad usage.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # so that `image` is found when a test loads this file by its path

from image import notify, orders, web  # noqa: E402
from image.archive import Image  # noqa: E402
from image.wheels import FetchError  # noqa: E402

IMAGES: dict[str, Callable[[Path], Image]] = {"web": web.build, "orders": orders.build, "notify": notify.build}
OPTIONAL = frozenset({"notify"})


def main() -> int:
    """Make the wanted images and say what was done."""
    arguments = _arguments()
    status = 0
    for name in arguments.names or IMAGES:
        try:
            print(make(name, arguments.output))
        except FetchError as error:
            if name in OPTIONAL:
                print(f"{name}.tar: skipped, {error}", file=sys.stderr)
            else:
                print(f"{name}.tar: {error}", file=sys.stderr)
                status = 1
    return status


def make(name: str, output: Path) -> str:
    """Make one image unless it is up to date; return a sentence that says which, with the manifest's digest."""
    archive, stamp = output / f"{name}.tar", output / ".build" / f"{name}.json"
    inputs = _inputs(name)
    if archive.exists() and stamp.exists():
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if known["inputs"] == inputs:
            return f"{name}.tar: up to date, {known['digest']}"
    stamp.parent.mkdir(parents=True, exist_ok=True)
    digest = IMAGES[name](HERE / "services").write(archive)
    stamp.write_text(json.dumps({"digest": digest, "inputs": inputs}), encoding="utf-8")
    return f"{name}.tar: made, {archive.stat().st_size / 1e6:.1f} MB, {digest}"


def _inputs(name: str) -> str:
    digest = hashlib.sha256()
    sources = [*(HERE / "image").glob("*.*"), *(HERE / "services" / name).rglob("*")]
    for path in sorted(path for path in sources if path.is_file() and path.suffix != ".pyc"):
        body = path.read_bytes()
        digest.update(f"{path.relative_to(HERE).as_posix()}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the shop's images as archives.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(IMAGES)}; all when none is named")
    parser.add_argument("--output", type=Path, default=HERE, help="where the archives go; this folder by default")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in IMAGES]:
        parser.error(f"there is no image {unknown[0]}; there are {', '.join(IMAGES)}")
    arguments.output.mkdir(parents=True, exist_ok=True)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
