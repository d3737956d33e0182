"""A scan of an archive on disk starts with what it needs and no more: most scans are of images that are known."""

import os
import subprocess
import sys

from images import build_image
from shared import REPOSITORY

# Policies and their language, readers of manifests and lock files, YAML, HTTP, TLS, signatures, templates.
OTHERS = frozenset(
    {
        "cryptography",
        "email",
        "http.client",
        "httpx2",
        "importlib.metadata",
        "jinja2",
        "packaging.requirements",
        "rich",
        "ssl",
        "tarfile",
        "tidewaiter.adapters.feeds",
        "tidewaiter.core.cel",
        "tidewaiter.core.configuration",
        "tidewaiter.core.exception",
        "tidewaiter.core.policy",
        "tidewaiter.gates.build.check",
        "tidewaiter.scan.dockerfile",
        "tidewaiter.scan.kubernetes",
        "tidewaiter.scan.lockfiles",
        "urllib.request",
        "yaml",
    }
)
PROGRAM = """
import sys
from tidewaiter.cli import main
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def test_a_scan_imports_no_other_use_case(tmp_path):
    """Read twice, the second time out of the cache, an archive needs none of what other commands bring."""
    archive = build_image(tmp_path / "image.tar", layers=[{"etc/alpine-release": b"3.20.0\n"}])
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY / "src")}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "scan", str(archive), "--format", "json"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        imported = set(done.stderr.split())
        assert (3, True) == (done.returncode, "tidewaiter.gates.build.scan" in imported)
        assert set() == OTHERS & imported
