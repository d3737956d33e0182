"""Loads the largest published set of VEX statements and looks vulnerabilities up in it.

Run: `python bench/vex.py [SHARED]`. Prints CPU time, peak memory, and the time of a thousand look-ups.
"""

import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.vuln.vex import apply_vex
from tidewaiter.wiring.vex import load_statements

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PLACE = Location(file="usr/bin/tool", image="x")
COUNT = 1_000


def main(shared: Path) -> None:
    """Load, look up, print."""
    path = shared / "advisories" / "vex-openvex-rancher-golang.jsonl.gz"
    if not path.exists():
        print(f"{path} is not there: give the folder with shared data")
        return
    start = time.process_time()
    loaded = load_statements([str(path)], progress=lambda _: None)
    used = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if loaded is None:
        return
    print(f"load    {loaded.index.count} statements in {used:.1f} s CPU, peak {peak:.0f} MB")
    main_module = Package(
        type="golang", name="datadog-lambda-extension/recorder-extension", version="", is_main=True, location=PLACE
    )
    library = Package(type="golang", name="stdlib", version="1.22.7", location=PLACE)
    names = ("CVE-2025-22873", "CVE-2025-47906", "CVE-2025-47907", "CVE-2025-00001")
    found = [Vulnerability(id=names[place % len(names)], package=library) for place in range(COUNT)]
    start = time.process_time()
    use = apply_vex(found, packages=[main_module, library], image=None, statements=loaded.index, now=NOW)
    spent = (time.process_time() - start) * 1e3
    closed = sum(bool(one.suppressed) for one in use.vulnerabilities)
    print(f"look up {COUNT} vulnerabilities in {spent:.0f} ms, {closed} closed")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
