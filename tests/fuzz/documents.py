"""Documents that people hand in: SBOMs, VEX and ignore files, manifests, Dockerfiles, package URLs, registries' answers."""

import json
import runpy
from pathlib import Path
from typing import Any

from fuzz.target import Target
from tidewaiter.core.model.purl import PurlError, parse
from tidewaiter.core.model.purl_package import package_of
from tidewaiter.scan.dockerfile import parse as parse_dockerfile
from tidewaiter.scan.kubernetes import read_manifests
from tidewaiter.scan.sbom import SbomError, read_sbom
from tidewaiter.scan.vex import VexError, read_vex_lines

_UNIT = Path(__file__).resolve().parent.parent / "unit" / "scan"
_SBOMS: dict[str, Any] = runpy.run_path(str(_UNIT / "sbom" / "test_sbom.py"))["DOCUMENTS"]
_VEX: dict[str, Any] = runpy.run_path(str(_UNIT / "vex" / "test_vex_documents.py"))
_DOCKERFILE = b"""# syntax=docker/dockerfile:1
ARG V=1
FROM --platform=$BUILDPLATFORM debian:${V} AS build
RUN <<EOF
apt-get update && \\
  apt-get install -y curl
EOF
COPY --from=build ["a b", "/x"]
ENV A=1 B="two words" C='x'
HEALTHCHECK --interval=5s CMD curl -f http://localhost || exit 1
"""
_MANIFEST = b"""apiVersion: v1
kind: Pod
metadata: {name: a, labels: &l {x: "y"}, annotations: *l}
spec:
  containers:
  - name: web   # one
    image: "shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    command: [sh, -c, |
      exit 1]
---
{"apiVersion": "v1", "kind": "List", "items": [{"kind": "Secret", "metadata": {"name": "s"}}]}
"""
_PURL = b"pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?arch=x86_64&distro=rhel-9&epoch=1&upstream=openssl#a/b"


def _sbom(data: bytes) -> object:
    try:
        return read_sbom(data)
    except SbomError:
        return None


def _vex(name: str):
    def read(data: bytes) -> object:
        return [found for found in read_vex_lines(data, name=name) if not isinstance(found, VexError)]

    return read


def _purl(data: bytes) -> object:
    try:
        return package_of(parse(data.decode("utf-8", "surrogateescape"), lenient=True)).purl
    except PurlError:
        return None


TARGETS = (
    *(Target(f"sbom {name}", data, _sbom) for name, data in sorted(_SBOMS.items())),
    *(
        Target(f"vex {name.lower()}", json.dumps(_VEX[name]).encode(), _vex("x.json"))
        for name in ("OPENVEX", "CSAF", "CYCLONEDX")
    ),
    Target("vex trivyignore", _VEX["TRIVY"].encode(), _vex(".trivyignore")),
    Target("vex trivyignore.yaml", _VEX["TRIVY_YAML"].encode(), _vex(".trivyignore.yaml")),
    Target("vex grype", _VEX["GRYPE"].encode(), _vex(".grype.yaml")),
    Target("dockerfile", _DOCKERFILE, lambda data: parse_dockerfile(data, "Dockerfile")),
    Target("manifest", _MANIFEST, lambda data: read_manifests(data, "a.yaml")),
    Target("purl", _PURL, _purl),
)
