# ruff: noqa: D103 - the names of the tests are their promises
"""Every manifest of the shared corpora is read: nothing crashes, nothing is lost without a word."""

from collections import Counter

import pytest

from shared import shared
from tidewaiter.core.context import Context, Tree
from tidewaiter.scan.kubernetes import read_manifests, workloads
from tidewaiter.scan.yaml_text import load_documents

SUFFIXES = {".yaml", ".yml", ".json"}


@pytest.mark.corpus
def test_every_yaml_file_of_the_corpora_is_read():
    root = shared("corpora")
    counts = Counter()
    objects, unknowns = [], []
    for path in sorted(path for path in root.rglob("*") if path.suffix in SUFFIXES and path.is_file()):
        counts["files"] += 1
        data = path.read_bytes()
        manifests = read_manifests(data, path.relative_to(root).as_posix())
        objects.extend(manifests.objects)
        unknowns.extend(manifests.unknowns)
        for document in load_documents(data, path.name):
            counts["documents"] += 1
            assert (document.error is None) or document.error.advice
    found = workloads(objects)
    assert all(item.at().line is not None for item in objects)
    assert all(workload.object.at(item.pointer).line for workload in found for item in workload.containers)
    # the malformed file of the network policy analyser's own tests is told, everything else is readable
    assert [unknown.subject.rpartition("/")[0].rpartition("/")[2] for unknown in unknowns] == [
        "malformed-pod-example-5"
    ]
    assert counts["files"] >= 700
    assert len(objects) >= 1500
    assert len(found) >= 800


@pytest.mark.corpus
def test_joins_of_the_whole_corpora_agree_with_trying_everything():
    root = shared("corpora/netpol-analyzer")
    for folder in sorted({path.parent for path in root.rglob("*.yaml")})[:60]:
        objects = [
            item
            for path in sorted(folder.glob("*.yaml"))
            for item in read_manifests(path.read_bytes(), path.name).objects
        ]
        context = Context(Tree(objects=tuple(objects), workloads=workloads(objects)))
        for workload in context.tree.workloads:
            expected = [
                service
                for service in context.services
                if service.namespace == workload.object.namespace
                and (selector := service.raw.get("spec", {}).get("selector"))
                and selector.items() <= dict(workload.pod_labels).items()
            ]
            assert list(context.services_of(workload)) == expected
