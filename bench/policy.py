"""Time of compiling all built-in policies, and of 100 policies over one decoded pod of 20 KB (decision 5).

Run with `python bench/policy.py`; prints the machine's own figures, judges nothing.
"""

import json
import platform
import statistics
import time
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from msgspec import structs

from tidewaiter.core.context import Context, Tree
from tidewaiter.core.policy import Judge, PolicySet, PolicySource, load
from tidewaiter.scan.kubernetes import read_manifests, workloads
from tidewaiter.scan.yaml_text import load_documents

RUNS = 300
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WANTED = 100


def sources() -> list[PolicySource]:
    """Return the built-in policies as documents."""
    folder = resources.files("tidewaiter.core.policy") / "builtin"
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            found += [
                PolicySource(file=entry.name, value=document.value, positions=document.positions)
                for document in load_documents(entry.read_bytes(), entry.name)
            ]
    return found


def hundred(documents: list[PolicySource]) -> PolicySet:
    """Return 100 policies: the built-in ones over and over under new names."""
    many = []
    for number in range(WANTED):
        value: dict[str, Any] = json.loads(json.dumps(documents[number % len(documents)].value))
        value["metadata"]["name"] += f"-{number}"
        many.append(PolicySource(file=f"{number}.yaml", value=value))
    return load(many)


def pod() -> bytes:
    """Return a pod of about 20 KB as an API server hands it out: two containers, and `managedFields` that repeat all of it."""
    containers = [
        {
            "name": f"app-{number}",
            "image": f"registry.example/shop/app-{number}:1.{number}",
            "ports": [{"containerPort": 8080 + number, "name": f"http-{number}"}],
            "env": [
                {"name": f"SETTING_{index}", "value": f"value number {index} of some length"} for index in range(15)
            ],
            "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "100m"}},
            "volumeMounts": [{"name": f"config-{index}", "mountPath": f"/etc/app/{index}"} for index in range(8)],
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "runAsUser": 1000,
            },
        }
        for number in range(2)
    ]
    volumes = [{"name": f"config-{index}", "configMap": {"name": f"config-{index}"}} for index in range(8)]
    annotations = {f"example.org/note-{index}": "x" * 120 for index in range(20)}
    fields = {f"f:field-{index}": {"f:value": {}, "f:kind": {"f:name": "app"}} for index in range(200)}
    managed = [{"manager": "kubectl", "operation": "Update", "fieldsType": "FieldsV1", "fieldsV1": fields}]
    metadata = {
        "name": "web",
        "namespace": "shop",
        "labels": {"app": "web"},
        "annotations": annotations,
        "managedFields": managed,
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": metadata,
            "spec": {"containers": containers, "volumes": volumes},
        }
    ).encode()


def main() -> None:
    """Measure and print."""
    documents = sources()
    load(documents)
    begin = time.perf_counter()
    builtin = load(documents)
    compile_seconds = time.perf_counter() - begin
    policies = hundred(documents)
    judge = Judge(policies, "deploy")
    text = pod()
    # An object under review comes decoded and without a text, as the webhook hands it over.
    objects = tuple(
        structs.replace(found, positions=None, file="") for found in read_manifests(text, "pod.json").objects
    )
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        context = Context(Tree(objects=objects, workloads=workloads(objects)))
        result = judge.judge(context, now=NOW)
        times.append((time.perf_counter() - begin) * 1000)
    print(f"machine: {platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(f"compile {len(builtin.policies)} built-in policies: {compile_seconds * 1000:.1f} ms (bound 300)")
    print(
        f"{len(policies.policies)} policies, pod of {len(text) / 1000:.1f} kB, {len(result.findings)} findings: "
        f"median {statistics.median(times):.2f} ms, p99 {sorted(times)[int(RUNS * 0.99)]:.2f} ms (bound 1 median)"
    )


if __name__ == "__main__":
    main()
