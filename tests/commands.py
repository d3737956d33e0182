"""Runs the command as people do, in a process of its own, and two small manifests to run it on."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]

DEPLOYMENT = """\
# the shop's front
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations:
    tidewaiter.dev/owner: team:web
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web   # the one
          image: shop/web:1
          securityContext:
            privileged: true  # why?
"""
GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {a: b}\n"


def tidewaiter(*arguments, cwd, **environ):
    """Run the command with a clean environment and no advisory data; return the finished process."""
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY / "src"),
        "HOME": str(cwd),
        "TIDEWAITER_DB": str(Path(cwd) / "none.sqlite"),
        **environ,
    }
    command = [sys.executable, "-m", "tidewaiter", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    return done
