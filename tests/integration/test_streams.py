"""What the command does when its output cannot be written."""

import os
import shlex
import signal
import subprocess
import sys
import threading
import time

import pytest

from commands import DEPLOYMENT, GOOD, REPOSITORY
from fake_registry import FakeRegistry, Reply, digest_of
from images import layer_tar


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


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_interrupt_of_downloads_from_a_silent_server(tmp_path):
    """Ctrl-C ends the program at once, also while three layers are waited for that never come."""
    gate = threading.Event()
    layers = [layer_tar({"a": bytes([number])}) for number in range(3)]
    with FakeRegistry() as registry:
        registry.push("shop/web", "1", layers=layers)
        for layer in layers:
            registry.faults[f"/v2/shop/web/blobs/{digest_of(layer)}"] = [Reply(wait=gate)] * 9
        code = (
            "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
            "from tidewaiter.cli import main; main()"
        )
        environ = {"PYTHONPATH": str(REPOSITORY / "src"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
        program = subprocess.Popen(
            [sys.executable, "-c", code, "scan", f"registry:{registry.host}/shop/web:1"], env=environ
        )
        while sum("/blobs/" in asked for asked in registry.asked()) < 4:  # the configuration and three layers
            assert None is program.poll()
            time.sleep(0.01)
        program.send_signal(signal.SIGINT)
        # A read without an answer lasts 30 seconds.
        assert 130 == program.wait(20)
        gate.set()
