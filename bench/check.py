"""What `tidewaiter check` of 1,000 manifests costs with all policies: CPU seconds and peak memory, table and JSON.

The manifests are those of `bench/manifests.py` (a Deployment and a Service each), as they are and with the security
settings taken out, so that they give many findings.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from manifests import MANIFEST

COUNT = 1000
_SETTINGS = ("          securityContext:", "          resources:", "      securityContext:")


def bare(text: str) -> str:
    """Return a manifest without its security contexts and limits."""
    kept: list[str] = []
    leaving = -1
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if leaving >= 0 and indent > leaving:
            continue
        leaving = indent if line in _SETTINGS else -1
        if leaving < 0:
            kept.append(line)
    return "\n".join(kept) + "\n"


def measured(folder: str, form: str) -> str:
    """Return one line about one run of the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "tidewaiter", "check", folder, "--format", form, "--output", f"{folder}.out"]
    code = subprocess.run(command, capture_output=True, check=False).returncode
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return f"{form:5}  {seconds:.2f} s CPU, at most {after.ru_maxrss / 1024:.0f} MiB, exit {code}"


def main() -> None:
    """Write the manifests, check them, print."""
    for name, change in (("with security settings", str), ("without", bare)):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "tree")
            folder.mkdir()
            for number in range(COUNT):
                text = MANIFEST.format(n=number, team=number % 20, tier=("front", "back")[number % 2])
                (folder / f"service-{number}.yaml").write_text(change(text))
            for form in ("table", "json"):
                print(f"{COUNT} manifests {name}: {measured(str(folder), form)}")


if __name__ == "__main__":
    main()
