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

FULL = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {a: b}, annotations: {c: d}}
spec:
  replicas: 3
  template:
    metadata: {labels: {app: web}}
    spec:
      hostNetwork: true
      hostPID: true
      hostIPC: true
      hostUsers: false
      serviceAccountName: robot
      securityContext: {runAsUser: 7, runAsGroup: 8, runAsNonRoot: true, seLinuxOptions: {type: t}}
      containers:
        - name: web
          image: shop/web:1.0
          command: [a]
          args: [b]
          livenessProbe: {exec: {command: [x]}}
          readinessProbe: {exec: {command: [x]}}
          securityContext:
            privileged: true
            readOnlyRootFilesystem: true
            runAsUser: 9
            procMount: Unmasked
            capabilities: {add: [CHOWN], drop: [ALL]}
            seccompProfile: {type: RuntimeDefault}
            appArmorProfile: {type: Localhost}
          env: [{name: E, value: v}, {name: F, valueFrom: {secretKeyRef: {name: s, key: k}}}]
          imagePullPolicy: Always
          ports: [{containerPort: 80, name: http, hostPort: 8080}]
          volumeMounts: [{name: v, mountPath: /v, readOnly: true}]
          resources: {limits: {cpu: 1}, requests: {memory: 1Gi}}
        - name: bare
          image: shop/bare@sha256:00
      volumes: [{name: v, hostPath: {path: /var}}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: bare, namespace: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: shop}
type: kubernetes.io/tls
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: shop}
data: {k: v}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: robot}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np, namespace: shop}
spec: {podSelector: {}, ingress: [{}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, namespace: shop}
spec: {rules: [{host: shop.example, http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}}], tls: [{hosts: [shop.example], secretName: s}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: shop}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {owner: "team:shop"}}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: q, image: x}]}
"""
"""One of every kind that the vocabulary knows."""
