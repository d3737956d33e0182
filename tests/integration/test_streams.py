"""What the command does when its output cannot be written."""

import os
import shlex
import subprocess
import sys

import pytest

from commands import DEPLOYMENT, GOOD, REPOSITORY


@pytest.mark.parametrize(
    ("manifest", "redirection", "code", "words"),
    [
        (GOOD, ">&-", 0, ""),
        (GOOD, "2>&-", 0, ""),
        (GOOD, ">&- 2>&-", 0, ""),
        (DEPLOYMENT, ">&- 2>&-", 1, ""),
        (GOOD, ">/dev/full", 2, "standard output cannot be written: no space left on device"),
        (GOOD, "2>/dev/full", 0, ""),
    ],
)
def test_the_verdict_does_not_depend_on_streams(tmp_path, manifest, redirection, code, words):
    """A closed stream is like /dev/null, a full one is an error with words; neither is a defect of ours."""
    (tmp_path / "a.yaml").write_text(manifest)
    command = f"exec {shlex.quote(sys.executable)} -m tidewaiter check . {redirection}"
    environ = {"PYTHONPATH": str(REPOSITORY / "src"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "internal error" in done.stderr, words in done.stderr) == (code, False, True)


def test_closed_standard_input_is_empty_and_a_pipe_is_no_sbom(tmp_path):
    """Neither is waited for, neither is a defect of ours."""
    os.mkfifo(tmp_path / "pipe")
    environ = {"PYTHONPATH": str(REPOSITORY / "src"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    told = []
    for arguments in ("scan - <&-", "scan sbom:- <&-", "scan sbom:pipe"):
        command = f"exec {shlex.quote(sys.executable)} -m tidewaiter {arguments}"
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        told.append((done.returncode, done.stderr.splitlines()[0]))
    assert [
        (2, "error: standard input is empty"),
        (2, "error: -: the file is no SBOM of a known format"),
        (2, "error: pipe is no file"),
    ] == told
