"""Helpers of policy tests: YAML texts become trees, policies and verdicts."""

from datetime import UTC, datetime
from typing import Any

from tidewaiter.core.context import Context, Tree
from tidewaiter.core.policy import Evaluation, PolicySource, evaluate, load
from tidewaiter.scan.kubernetes import read_manifests, workloads
from tidewaiter.scan.yaml_text import load_documents

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def sources(*texts: str) -> list[PolicySource]:
    """Return policy texts as `load` takes them; the files are `policy-0.yaml`, `policy-1.yaml` and so on."""
    return [
        PolicySource(
            file=f"policy-{number}.yaml",
            value=document.value,
            positions=document.positions,
            text=document.text.decode(),
            line=document.line,
        )
        for number, text in enumerate(texts)
        for document in load_documents(text.encode(), f"policy-{number}.yaml")
    ]


def policy(
    rules: str,
    *,
    subject: str = "container",
    name: str = "sample",
    spec: str = "",
    kind: str = "ClusterPolicy",
    namespace: str = "",
) -> str:
    """Return the text of a small policy; `rules` and `spec` are YAML of the right depth (two blanks, four for rules)."""
    space = f"\n  namespace: {namespace}" if namespace else ""
    return f"""apiVersion: tidewaiter.dev/v1
kind: {kind}
metadata:
  name: {name}{space}
spec:
  title: Sample
  severity: high
  subject: {subject}
{spec}  rules:
{rules}
"""


def tree(*manifests: str, **facts: Any) -> Context:
    """Return the joined facts of manifests; the files are `m0.yaml`, `m1.yaml` and so on."""
    objects = tuple(
        found
        for number, text in enumerate(manifests)
        for found in read_manifests(text.encode(), f"m{number}.yaml").objects
    )
    return Context(Tree(objects=objects, workloads=workloads(objects), **facts))


def judged(texts: list[str], context: Context, **settings: Any) -> Evaluation:
    """Return the verdicts of policies that must all be well-formed."""
    loaded = load(sources(*texts))
    assert [] == [str(defect) for defect in loaded.defects]
    return evaluate(loaded, context, **{"stage": "build", "now": NOW, **settings})


DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    metadata:
      labels: {app: web}
    spec:
      securityContext: {runAsUser: 1000}
      containers:
        - name: web
          image: shop/web:1.0
          env:
            - name: A
              value: one
            - name: B
              valueFrom: {secretKeyRef: {name: s, key: k}}
          securityContext:
            privileged: true
        - name: side
          image: shop/side@sha256:00
"""
