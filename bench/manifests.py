"""What reading 1,000 realistic manifests costs: CPU seconds and peak memory of decoding, workloads, joins, places."""

import argparse
import resource
import time

from tidewaiter.core.context import Context, Tree
from tidewaiter.scan.kubernetes import read_manifests, workloads

MANIFEST = """# service {n}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{n}
  namespace: team-{team}
  labels: {{app: service-{n}, tier: "{tier}"}}
  annotations:
    tidewaiter.dev/owner: team:team-{team}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: service-{n}
  template:
    metadata:
      labels:
        app: service-{n}
        tier: "{tier}"
    spec:
      serviceAccountName: service-{n}
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      initContainers:
        - name: migrate
          image: registry.example.com/team-{team}/service-{n}:1.{n}
          command: ["/bin/migrate", "--wait"]
      containers:
        - name: web
          image: registry.example.com/team-{team}/service-{n}:1.{n}
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
            - name: PASSWORD
              valueFrom:
                secretKeyRef:
                  name: service-{n}
                  key: password
          resources:
            limits:
              cpu: 500m
              memory: 256Mi
            requests:
              cpu: 100m
              memory: 128Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {{}}
---
apiVersion: v1
kind: Service
metadata:
  name: service-{n}
  namespace: team-{team}
spec:
  selector:
    app: service-{n}
  ports:
    - name: http
      port: 80
      targetPort: http
"""


def main() -> None:
    """Measure and print one line per step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifests", type=int, default=1000, help="files; each holds a Deployment and a Service")
    count = parser.parse_args().manifests
    files = [
        MANIFEST.format(n=number, team=number % 20, tier=("front", "back")[number % 2]).encode()
        for number in range(count)
    ]
    before = _memory()
    started = time.process_time()
    read = [read_manifests(data, f"service-{number}.yaml") for number, data in enumerate(files)]
    decoded = time.process_time()
    objects = tuple(item for manifests in read for item in manifests.objects)
    found = workloads(objects)
    extracted = time.process_time()
    context = Context(Tree(objects=objects, workloads=found))
    joined = sum(len(context.services_of(workload)) for workload in found)
    joins = time.process_time()
    placed = sum(workload.object.at("/spec/template/spec/containers/0/image").line or 0 for workload in found)
    places = time.process_time()
    size = sum(map(len, files)) / 1024
    print(f"{count} files, {size:.0f} KiB, {len(objects)} objects, {len(found)} workloads, {joined} joins, {placed}")
    print(f"decode     {decoded - started:.3f} s CPU")
    print(f"workloads  {extracted - decoded:.3f} s CPU")
    print(f"joins      {joins - extracted:.3f} s CPU")
    print(f"one place in each  {places - joins:.3f} s CPU")
    print(f"memory     {before:.0f} MiB before, {_memory():.0f} MiB peak")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
