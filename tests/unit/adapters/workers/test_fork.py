"""Jobs in forked processes. Each test runs in a fresh Python, because test runners themselves use threads."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from images import build_image
from tidewaiter.adapters.workers import ForkWorkers

SOURCE = Path(__file__).resolve().parents[4] / "src"
HEAD = """
import os, signal, sys, time
from tidewaiter.adapters.workers import Bounds, ForkWorkers
from tidewaiter.scan.image import Failure, Job
def run(*works, **bounds):
    jobs = [Job(number, 1, work) for number, work in enumerate(works)]
    found = dict(ForkWorkers(2, Bounds(**bounds)).run(jobs))
    return [one.reason if isinstance(one, Failure) else one for _, one in sorted(found.items())]
"""


def python(code: str) -> list[str]:
    """Run code behind HEAD, return the lines that it printed."""
    text = HEAD + textwrap.dedent(code)
    command = [sys.executable, "-W", "error", "-c", text]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={"PYTHONPATH": str(SOURCE)}
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_results_of_every_size():
    """More jobs than processes, results larger than a pipe, and an empty one."""
    lines = python("""
        assert ForkWorkers(2).is_ready()
        found = run(*[lambda n=n: b"x" * n for n in (0, 1, 3_000_000, 65536, 70)])
        print([len(one) for one in found])
    """)
    assert lines == ["[0, 1, 3000000, 65536, 70]"]


@pytest.mark.parametrize(
    ("work", "bounds", "reason"),
    [
        ("lambda: os.kill(os.getpid(), signal.SIGKILL)", "", "ended by signal 9"),
        ("lambda: os._exit(0)", "", "the process that read it ended early"),
        ("lambda: os._exit(7)", "", "the process that read it ended early"),
        ("lambda: time.sleep(60)", "wall_seconds=0.2", "longer than 0.2 s"),
        ("lambda: sum(iter(int, 1))", "cpu_seconds=1", "more than 1 s of processor time"),
        ("lambda: bytearray(1 << 30)", "memory=256 << 20", "more than 256 MiB of memory"),
        ("lambda: bytes(3000)", "memory=2000, wall_seconds=5", "its result is larger than 2000 bytes"),
        ("lambda: 1 // 0", "", "ZeroDivisionError: integer division or modulo by zero"),
        ("lambda: sys.exit(0)", "", "SystemExit"),
    ],
)
def test_a_job_that_fails_says_why_and_the_others_go_on(work: str, bounds: str, reason: str):
    """Never a hang, never an exception, whatever a worker does."""
    lines = python(f"""
        for one in run(lambda: b"1", {work}, lambda: b"2", {bounds}):
            print(one)
    """)
    assert (lines[0], lines[2]) == ("b'1'", "b'2'") or "memory=2000" in bounds
    assert reason in lines[1]


def test_a_worker_cannot_write_files(tmp_path: Path):
    """A layer is hostile; reading it needs no file to be written."""
    place = tmp_path / "x"
    lines = python(f"""
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        print(run(lambda: b"%d" % os.write(os.open({str(place)!r}, os.O_CREAT | os.O_WRONLY), b"hello")))
    """)
    assert "File too large" in lines[0]
    assert place.read_bytes() == b""


def test_jobs_that_are_given_up_are_ended():
    """A caller that stops listening (Ctrl-C, an error) leaves no process behind."""
    lines = python("""
        jobs = [Job(0, 1, lambda: b""), Job(1, 1, lambda: time.sleep(100))]
        for one in ForkWorkers(2).run(jobs):
            break
        del one
        import gc; gc.collect()
        try:
            print(os.waitpid(-1, os.WNOHANG))
        except ChildProcessError:
            print("no child is left")
    """)
    assert lines == ["no child is left"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_workers_end_with_the_program(name: str):
    """A signal that ends the program, as a CI runner sends it, leaves no worker behind."""
    lines = python(f"""
        read, write = os.pipe()
        program = os.fork()
        if program == 0:
            os.close(read)
            def work():
                os.write(write, b"begun")
                time.sleep(30)
                return b""
            run(work)
        os.close(write)
        os.read(read, 5)
        os.kill(program, signal.{name})
        os.waitpid(program, 0)
        # The pipe ends when the last process that holds it is gone.
        before = time.monotonic()
        print(os.read(read, 1))
        print(time.monotonic() - before < 20)
    """)
    assert ["b''", "True"] == lines


def test_exit_codes_that_the_system_does_not_keep():
    """A parent that ignores its children's end (inherited over exec) is told by the bytes alone."""
    lines = python("""
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        print(run(lambda: b"1", lambda: os._exit(0), lambda: b"x" * 100_000)[:2])
    """)
    assert lines == ["[b'1', 'the layer could not be read: the process that read it ended early']"]


def test_nothing_is_forked_beside_threads():
    """A forked child would inherit locks that nobody opens."""
    lines = python("""
        import threading
        print(ForkWorkers(2).is_ready(), ForkWorkers(0).is_ready())
        stop = threading.Event()
        thread = threading.Thread(target=stop.wait)
        thread.start()
        print(ForkWorkers(2).is_ready())
        stop.set()
        thread.join()
        print(ForkWorkers(2).is_ready())
    """)
    assert lines == ["True False", "False", "True"]


def test_a_system_that_refuses_processes():
    """The job comes back undone, and the caller does it."""
    lines = python("""
        def refuse():
            raise BlockingIOError("no more processes")
        os.fork = refuse
        print(run(lambda: b"1"))
    """)
    assert lines == ["[None]"]


def test_an_image_read_by_processes_equals_one_read_here(tmp_path: Path):
    """One process, two, or none: not a byte differs."""
    layers = [
        {f"l{number}/a{at}-1.dist-info/METADATA": f"Name: a{at}\nVersion: {number}\n" for at in range(200)}
        | {"srv/env": f"token=ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq1{number}\n", f"l{number - 1}": None}
        for number in range(6)
    ]
    path = build_image(tmp_path / "image.tar", layers=layers, gzip=True)
    lines = python(f"""
        import msgspec
        from tidewaiter.adapters.images import open_image
        from tidewaiter.core.registry import Registry
        from tidewaiter.scan.analyzers import BUILTIN
        from tidewaiter.scan.image import LayerServices, layers, read_image
        layers.PARALLEL_BYTES = 0
        found = set()
        for workers in (None, ForkWorkers(1), ForkWorkers(2), ForkWorkers(5)):
            with open_image({str(path)!r}) as store:
                services = LayerServices(workers=workers)
                image = read_image(store, analyzers=Registry("a", BUILTIN), ref="r", source="s", services=services)
            found.add(msgspec.json.encode(image))
            print(len(found), len(image.packages))
    """)
    assert lines == ["1 200"] * 4


def test_no_processes_are_wanted():
    """Zero switches them off."""
    assert not ForkWorkers(0).is_ready()
