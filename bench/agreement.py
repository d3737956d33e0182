"""Which packages of an image Tidewaiter, Syft and Trivy tell, by ecosystem, and where they differ.

    TIDEWAITER_PEERS=FOLDER .venv/bin/python bench/agreement.py [IMAGE] [--all]

Packages are compared by purl type, name and version, each counted once wherever it lies; `--all` prints every
difference instead of the first few. Names are compared as each ecosystem does.
"""

import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / folder) for folder in ("src", "tests", "bench", "bench/lib")]

import big_image  # noqa: E402 - it lies in bench/lib
import peers  # noqa: E402
import scan  # noqa: E402
from cost import measure  # noqa: E402

FEW = 12
Key = tuple[str, str, str]


def main() -> int:
    """Print the differences."""
    arguments = [one for one in sys.argv[1:] if one != "--all"]
    archive = Path(arguments[0]) if arguments else big_image.big_image().oci
    with tempfile.TemporaryDirectory() as folder:
        said = measure(
            sys.executable, "-m", "tidewaiter", "scan", str(archive), "--format", "json", "--no-cache",
            environment=scan.environment(Path(folder)), codes=scan.SCANNED, runs=1,
        ).output  # fmt: skip
        ours = keys(one["purl"] for one in json.loads(said)["facts"]["packages"])
        for peer, read in ((peers.syft(archive), from_syft), (peers.trivy(archive, Path(folder)), from_trivy)):
            if peer is None:
                print("a peer is not on PATH and not in TIDEWAITER_PEERS")
                continue
            document = json.loads(measure(*peer.command, environment=peers.QUIET, runs=1).output)
            compare(f"{peer.name} {peer.version}", ours, read(document), everything="--all" in sys.argv)
    return 0


def compare(name: str, ours: set[Key], theirs: set[Key], *, everything: bool) -> None:
    """Print, per ecosystem, what both tell and what only one does."""
    print(f"\n{name}\n{'':12}{'both':>7}{'only ours':>11}{'only theirs':>13}")
    for type_ in sorted({key[0] for key in ours | theirs}):
        left = {key for key in ours if key[0] == type_}
        right = {key for key in theirs if key[0] == type_}
        print(f"{type_:12}{len(left & right):7}{len(left - right):11}{len(right - left):13}")
        for title, few in (("only ours", left - right), ("only theirs", right - left)):
            shown = sorted(few)[: None if everything else FEW]
            for _, package, version in shown:
                print(f"    {title}: {package} {version}")
            if len(few) > len(shown):
                print(f"    … and {len(few) - len(shown)} more {title}")


def from_syft(document: dict[str, Any]) -> set[Key]:
    """Read the purls of Syft's own JSON."""
    return keys(one.get("purl", "") for one in document["artifacts"])


def from_trivy(document: dict[str, Any]) -> set[Key]:
    """Read the purls of Trivy's own JSON."""
    packages = [package for result in document["Results"] for package in result.get("Packages", ())]
    return keys(one.get("Identifier", {}).get("PURL", "") for one in packages)


def keys(purls: Iterable[str]) -> set[Key]:
    """Return type, name and version of purls."""
    return {key(purl) for purl in purls if purl.startswith("pkg:")}


def key(purl: str) -> Key:
    """Return type, name and version as they are compared: no namespace of OS packages, the epoch in the version."""
    path, _, rest = purl.removeprefix("pkg:").partition("#")[0].partition("?")
    path, _, version = path.rpartition("@") if "@" in path else (path, "", "")
    type_, _, name = path.partition("/")
    name, version = unquote(name), unquote(version)
    epochs = [one.removeprefix("epoch=") for one in rest.split("&") if one.startswith("epoch=")]
    if epochs:
        version = f"{epochs[0]}:{version}"
    if type_ in {"deb", "rpm", "apk"}:
        name = name.rpartition("/")[2]
    elif type_ == "pypi":
        name = name.lower().replace("_", "-").replace(".", "-")
    elif type_ in {"golang", "npm"}:
        name = name.lower()
    if name == "stdlib":
        version = version.removeprefix("v")
    return type_, name, version


if __name__ == "__main__":
    sys.exit(main())
