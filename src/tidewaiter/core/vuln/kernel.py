"""Kernel packages that hold no running code: a container runs the kernel of its node, never the one in its image."""

from tidewaiter.core.model.package import Package

REASON = "kernel-headers"

_NAMES = frozenset({"linux-libc-dev", "kernel-headers", "linux-kbuild", "linux-headers", "linux-compiler"})
_PREFIXES = ("linux-headers-", "linux-kbuild-", "linux-compiler-", "kernel-headers-", "linux-libc-dev-")


def is_kernel_headers(package: Package) -> bool:
    """Tell whether an OS package only carries headers or build parts of the kernel."""
    return package.type in {"deb", "rpm", "apk"} and (package.name in _NAMES or package.name.startswith(_PREFIXES))
