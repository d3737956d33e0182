"""What kind of defect a vulnerability is, from weakness, CVSS vector and package (docs/vulnerability-classes.md).

One class says who can use it, the first that fits: `container-escape`, `availability-only`, `local`, `entry`. Traits say
what helps against it: `network-service`, `needs-privilege`, `writes-to-disk`, `callback`, `client`, `browser`. The tables
are data; nothing here looks at the container that runs the package.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from tidewaiter.core.vuln.cvss import metrics_of

ESCAPE, AVAILABILITY, LOCAL, ENTRY = "container-escape", "availability-only", "local", "entry"
MAIN: Final = (ESCAPE, AVAILABILITY, LOCAL, ENTRY)
"""Classes in the order in which they are tried."""
TRAITS: Final[Mapping[str, frozenset[int]]] = {
    "writes-to-disk": frozenset({22, 23, 24, 25, 26, 27, 28, 29, 35, 36, 37, 38, 59, 61, 73, 377, 378, 379, 434}),
    "callback": frozenset({611, 776, 827, 917, 918}),
    "client": frozenset({295, 296, 297, 298, 299}),
    "browser": frozenset({79, 80, 81, 83, 84, 85, 86, 87, 352, 601, 1021, 1022}),
    "needs-privilege": frozenset({250, 266, 267, 268, 269, 270, 271, 272, 273, 274, 280, 281, 282, 283, 284, 648}),
}
"""Weaknesses (CWE numbers) of each trait; `TRAIT_RULES` in the documentation says what the vector must add."""
EXHAUSTION: Final = frozenset(
    {369, 400, 401, 404, 405, 406, 407, 409, 410, 476, 617, 674, 730, 770, 771, 772, 774, 775, 834, 835, 1050, 1333}
)
"""Weaknesses that by themselves only stop a program; they decide where there is no vector."""
RUNTIMES: Final = frozenset(
    {
        "runc",
        "crun",
        "containerd",
        "containerd.io",
        "docker.io",
        "docker-ce",
        "docker-engine",
        "moby-engine",
        "moby-containerd",
        "moby-runc",
        "cri-o",
        "conmon",
        "kubelet",
        "kata-containers",
        "github.com/opencontainers/runc",
        "github.com/containerd/containerd",
        "github.com/containerd/containerd/v2",
        "github.com/docker/docker",
        "github.com/moby/moby",
        "github.com/cri-o/cri-o",
        "k8s.io/kubelet",
        "k8s.io/kubernetes",
    }
)
"""Source packages and modules of container runtimes, which keep containers apart on a node as the kernel does."""
KERNELS: Final = re.compile(
    r"(?:linux|kernel)(?:-(?:core|default|rt|uek|azure|azure-fde|aws|aws-fips|gcp|gcp-fips|gke|gkeop|ibm|kvm|oracle|oem|raspi|"
    r"lowlatency|nvidia|nvidia-tegra|realtime|fips|hwe|lts|virt|esx|secure|hardened|zen|mshv|64k|livepatch))?(?:-[0-9][0-9.]*)?"
)
"""Source packages of the kernel and its flavours: `linux-aws-6.8`, `kernel-uek`, `linux-lts`."""


class Defect(msgspec.Struct, frozen=True, kw_only=True):
    """What the classes are told from."""

    cwes: tuple[str, ...] = ()
    """`CWE-22`, in any order."""
    vector: str = ""
    """CVSS vector of any version; empty when there is none."""
    package: str = ""
    """Source package of an OS package, else the package's name."""


class _Vector:
    """A vector in the words that all versions of CVSS share."""

    def __init__(self, vector: str) -> None:
        metrics = metrics_of(vector)
        self.is_known = bool(metrics)
        self.attack = metrics.get("AV", "")
        self.privileges = metrics.get("PR", {"N": "N", "S": "L", "M": "H"}.get(metrics.get("Au", ""), ""))
        self.needs_user = metrics.get("UI", "N") != "N"
        self.leaves_component = metrics.get("S") == "C" or any(
            metrics.get(name, "N") != "N" for name in ("SC", "SI", "SA")
        )
        self.reads = self._hurts(metrics, ("C", "VC", "SC"))
        self.changes = self._hurts(metrics, ("I", "VI", "SI"))
        self.stops = self._hurts(metrics, ("A", "VA", "SA"))
        self.changes_all = any(metrics.get(name) in {"H", "C"} for name in ("I", "VI"))

    @staticmethod
    def _hurts(metrics: Mapping[str, str], names: Iterable[str]) -> bool:
        return any(metrics.get(name, "N") != "N" for name in names)


def classes_of(defect: Defect) -> tuple[str, ...]:
    """Return the class and then the traits, sorted; the class is always there."""
    vector = _Vector(defect.vector)
    numbers = frozenset(_number(cwe) for cwe in defect.cwes) - {0}
    return _main(defect, vector, numbers), *sorted(_traits(vector, numbers))


def _main(defect: Defect, vector: _Vector, numbers: frozenset[int]) -> str:
    if (defect.package in RUNTIMES or KERNELS.fullmatch(defect.package)) and (
        not vector.is_known or vector.leaves_component or (vector.attack == "L" and (vector.reads or vector.changes))
    ):
        return ESCAPE
    if vector.is_known:
        if vector.stops and not vector.reads and not vector.changes:
            return AVAILABILITY
        return LOCAL if vector.attack == "L" and vector.privileges != "N" and not vector.needs_user else ENTRY
    return AVAILABILITY if numbers and numbers <= EXHAUSTION else ENTRY


def _traits(vector: _Vector, numbers: frozenset[int]) -> Iterable[str]:
    if vector.attack in {"N", "A"} and not vector.needs_user:
        yield "network-service"
    if numbers & TRAITS["writes-to-disk"] and (vector.changes_all or not vector.is_known):
        yield "writes-to-disk"
    # Privileges asked of somebody who comes over a network are a role inside the product, never root of the container.
    if vector.attack in {"L", "P"} and (vector.privileges == "H" or numbers & TRAITS["needs-privilege"]):
        yield "needs-privilege"
    yield from (name for name in ("callback", "client", "browser") if numbers & TRAITS[name])


def _number(cwe: str) -> int:
    digits = cwe.removeprefix("CWE-")
    return int(digits) if len(digits) <= 5 and digits.isascii() and digits.isdigit() else 0  # CWE-1426 is the longest
