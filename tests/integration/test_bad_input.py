"""Bad input: what happened, where, what to do; never a traceback, never a pass."""

import gzip
import json

import pytest

from commands import DEPLOYMENT, GOOD, tidewaiter
from images import build_image

ANCHORS = "a: &a [x]\n" + "\n".join(
    f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}" + f", *{'a' if n == 0 else f'b{n - 1}'}" * 9 + "]"
    for n in range(30)
)
POLICY = """\
apiVersion: tidewaiter.dev/v1
kind: ClusterPolicy
metadata: {name: own-policy}
spec:
  title: Own
  description: Own.
  rationale: Own.
  remediation: Own.
  severity: high
  categories: [workload]
  stages: [build]
  subject: container
  rules:
    - name: own
      forbid: RULE
      message: own
"""


def write(folder, files):
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "no-such-folder"], "no-such-folder"),
        (["check", ".", "--image", "shop/web=no-such.tar"], "no-such.tar"),
        (["check", ".", "--image", "shop/web="], "no path after `=`"),
        (["check", ".", "--image", "shop/web=deploy/web.yaml"], "is not an image"),
        (["check", ".", "--policies", "no-such-folder"], "no-such-folder"),
        (["check", ".", "--db", "no-such.sqlite"], "no-such.sqlite"),
        (["check", ".", "--fail-on", "nonsense"], "nonsense"),
        (["scan", "no-such.tar"], "no-such.tar"),
        (["scan", "fs:no-such-folder"], "no-such-folder"),
        (["explain", "abcdef", "--report", "no-such.json"], "no-such.json"),
        (["explain", "abcdef", "--report", "deploy/web.yaml"], "not a report"),
        (["check", ".", "--output", "deploy/web.yaml/x"], "cannot be written"),
    ],
)
def test_arguments_that_cannot_be_used_exit_2(tmp_path, arguments, words):
    """One error with the name of what was given, one hint, nothing on standard output."""
    write(tmp_path, {"deploy/web.yaml": DEPLOYMENT})
    done = tidewaiter(*arguments, cwd=tmp_path)
    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("error: ")
    assert "internal error" not in done.stderr
    assert "\nhint: " in done.stderr
    assert words in done.stderr


@pytest.mark.parametrize(
    ("files", "code", "words"),
    [
        ({"a.yaml": "kind: [unclosed"}, 2, "a.yaml"),
        ({"a.yaml": "kind: [unclosed", "b.yaml": GOOD}, 3, "a.yaml"),
        (
            {"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: x, self: *m}\n", "b.yaml": GOOD},
            3,
            "a.yaml",
        ),
        ({"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n" + ANCHORS, "b.yaml": GOOD}, 3, "a.yaml"),
        ({"a.yaml": b"\xff\xfe\x00apiVersion", "b.yaml": GOOD}, 3, "a.yaml"),
        ({"a.yaml": "[" * 100_000, "b.yaml": GOOD}, 3, "a.yaml"),
        ({"notes.txt": "nothing"}, 2, "nothing could be judged"),
    ],
)
def test_files_that_cannot_be_read_never_pass(tmp_path, files, code, words):
    """The file is named and the run does not exit 0."""
    write(tmp_path, files)
    done = tidewaiter("check", ".", cwd=tmp_path)
    assert (code, "") == (done.returncode, done.stderr)
    assert words in done.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("polices: {}\n", ".tidewaiter.yaml:1:1: unknown key `polices` (did you mean `policies`?)"),
        ("policies:\n  privileged-contaner: {severity: low}\n", "did you mean `privileged-container`?"),
        ("tree: half\n", ".tidewaiter.yaml:1:1: invalid enum value 'half'"),
        ("a: [\n", ".tidewaiter.yaml"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
    ],
)
def test_a_configuration_with_mistakes_is_refused_with_its_place(tmp_path, text, words):
    """File, line, column, and what was probably meant."""
    write(tmp_path, {"web.yaml": DEPLOYMENT, ".tidewaiter.yaml": text})
    done = tidewaiter("check", ".", cwd=tmp_path)
    assert (2, "") == (done.returncode, done.stdout)
    assert words in done.stderr


def test_a_malformed_exception_exempts_nothing_and_is_told(tmp_path):
    """The rest is judged; the run cannot pass."""
    text = "exceptions:\n  - {id: x, policies: ['*'], reason: r, expires: soon}\n"
    write(tmp_path, {"a.yaml": GOOD, ".tidewaiter.yaml": text})
    done = tidewaiter("check", ".", cwd=tmp_path)
    assert 3 == done.returncode
    assert ".tidewaiter.yaml:2:" in done.stdout


def test_a_malformed_accepted_file_accepts_nothing(tmp_path):
    """It is never an empty list."""
    write(tmp_path, {"a.yaml": GOOD, ".tidewaiter/accepted.json": "{"})
    done = tidewaiter("check", ".", cwd=tmp_path)
    assert (3, True) == (done.returncode, "accepted.json" in done.stdout)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('\'"(a+)+$".matches("x") || container.name.matches("(((((a{900}){900}))))")\'', "own-policy"),
        ('container.nmae == "a"', "did you mean"),
        ("container.name ==", "own.yaml:"),
    ],
)
def test_a_broken_policy_disables_only_itself(tmp_path, rule, words):
    """It is told with its place, the others judge, and the run is incomplete."""
    write(tmp_path, {"a.yaml": GOOD, "policies/own.yaml": POLICY.replace("RULE", rule)})
    done = tidewaiter("check", ".", "--policies", "policies", cwd=tmp_path)
    assert 3 == done.returncode
    assert words in " ".join(done.stdout.split())


def test_an_endless_regex_ends(tmp_path):
    """A pattern that backtracks for ever elsewhere takes linear time here."""
    rule = 'container.name.matches("(a+)+$") && false'
    manifest = DEPLOYMENT.replace("name: web   # the one", f"name: {'a' * 5000}b")
    write(tmp_path, {"a.yaml": manifest, "policies/own.yaml": POLICY.replace("RULE", rule)})
    assert 1 == tidewaiter("check", ".", "--policies", "policies", cwd=tmp_path).returncode


def test_a_truncated_layer_is_told_and_never_passes(tmp_path):
    """What stands before the cut is reported; the layer is named."""
    whole = build_image(
        tmp_path / "whole.tar", layers=[{"etc/os-release": "ID=debian\n", "big": b"x" * 200_000}], tags=["a:1"]
    )
    layer = gzip.compress(b"cut" * 1000)[:50]
    cut = build_image(tmp_path / "cut.tar", layers=[{"etc/os-release": "ID=debian\n"}, layer], tags=["a:1"])
    assert 3 == tidewaiter("scan", whole, cwd=tmp_path).returncode
    done = tidewaiter("scan", cut, "--format", "json", cwd=tmp_path)
    assert 3 == done.returncode
    told = [one["subject"] for one in json.loads(done.stdout)["unknowns"]]
    assert any("layer 1" in subject for subject in told)


def test_gigabytes_of_zeros_are_bounded(tmp_path):
    """A layer that inflates without end is cut at the bound and told."""
    zeros = gzip.compress(b"\0" * 50_000_000, 9)
    image = build_image(tmp_path / "zeros.tar", layers=[zeros * 60], tags=["a:1"])
    done = tidewaiter("scan", image, cwd=tmp_path)
    assert 3 == done.returncode
    assert "layer" in done.stdout
