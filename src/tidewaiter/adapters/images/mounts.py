"""What is mounted where, and what a walk over a whole machine passes by."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_TABLE: Final = Path("/proc/self/mountinfo")
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")
PSEUDO: Final = frozenset(
    {
        "autofs",
        "binfmt_misc",
        "bpf",
        "cgroup",
        "cgroup2",
        "configfs",
        "debugfs",
        "devpts",
        "devtmpfs",
        "efivarfs",
        "fusectl",
        "hugetlbfs",
        "mqueue",
        "nsfs",
        "proc",
        "pstore",
        "rpc_pipefs",
        "securityfs",
        "selinuxfs",
        "sysfs",
        "tracefs",
    }
)
"""File systems without files of anybody: the kernel's own. Not entering them leaves nothing unread."""
_ENGINES: Final = re.compile(
    r"var/lib/(?:docker|containerd|containers/storage|rancher/(?:k3s|rke2)/agent/containerd)"
    r"|(?:home/[^/]+|root)/\.local/share/(?:containers/storage|docker)"
)


def mounted(table: Path = _TABLE) -> Mapping[str, str]:
    """Return mount point -> kind of file system (proc(5): mountinfo); empty where the system does not tell."""
    found: dict[str, str] = {}
    try:
        lines = table.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return found
    for line in lines:
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if separator and len(fields) > 4:
            found[_ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[4])] = after.split(" ")[0]
    return found


def holds_images(path: str) -> bool:
    """Return whether a folder, named from the root of a system, is where a container engine keeps its images."""
    return _ENGINES.fullmatch(path) is not None
