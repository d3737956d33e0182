"""The built-in policies that name a control of the Pod Security Standards agree with the upstream pods (v1.35)."""

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from policy_fixtures import NOW, sources
from shared import shared
from tidewaiter.core.context import Context, Tree
from tidewaiter.core.policy import PolicySet, evaluate, load
from tidewaiter.scan.kubernetes import read_manifests, workloads

pytestmark = pytest.mark.corpus

COVERED = {
    "allowprivilegeescalation",
    "apparmorprofile",
    "capabilities_baseline",
    "capabilities_restricted",
    "hostnamespaces",
    "hostports",
    "privileged",
    "procmount",
    "runasuser",
    "seccompprofile_restricted",
    "sysctls",
    "windowshostprocess",
}
"""Controls that need neither an image nor a judgement of our own (which host paths are dangerous)."""


def rows() -> list[dict[str, str]]:
    """Return the rows of one version, each a pod, a level, a control, and whether the level allows the pod."""
    with (shared("corpora/pod-security-standards") / "index.csv").open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["version"] == "v1.35"]


@pytest.fixture(scope="module")
def pods() -> Mapping[str, Any]:
    """Return the pods by key."""
    text = (shared("corpora/pod-security-standards") / "pods.json").read_text(encoding="utf-8")
    pods: Mapping[str, Any] = json.loads(text)
    return pods


@pytest.fixture(scope="module")
def policies() -> PolicySet:
    """Return the built-in policies."""
    return load(sources().values())


def violated(pod: Any, policies: PolicySet) -> Iterator[str]:
    """Yield `level/control` for each violated policy that names one, in lower case."""
    objects = read_manifests(json.dumps(pod).encode(), "pod.json").objects
    context = Context(Tree(objects=objects, workloads=workloads(objects)))
    for finding in evaluate(policies, context, stage="build", now=NOW).findings:
        policy = policies.get(finding.policy)
        if policy is not None and type(finding.verdict).__name__ == "Fail":
            controls = policy.document.spec.controls
            yield from (name.removeprefix("PSS/").lower() for name in controls if name.startswith("PSS/"))


def test_allowed_pods_violate_no_control_of_their_level(pods: Mapping[str, Any], policies: PolicySet) -> None:
    """What a level allows is no violation of a policy that claims to be a part of the level."""
    wrong = [
        (row["file"], found)
        for row in rows()
        if row["expect"] == "pass"
        for found in violated(pods[row["pod"]], policies)
        if found.startswith("baseline/") or row["level"] == "restricted"
    ]
    assert wrong == []


def test_refused_pods_violate_the_control_that_refuses_them(pods: Mapping[str, Any], policies: PolicySet) -> None:
    """What a level refuses for a control is a violation of the policy that names the control."""
    missed = [
        row["file"]
        for row in rows()
        if row["expect"] == "fail"
        and row["control"] in COVERED
        and row["control"].partition("_")[0]
        not in {found.partition("/")[2] for found in violated(pods[row["pod"]], policies)}
    ]
    assert missed == []
