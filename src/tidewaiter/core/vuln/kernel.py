"""Kernel packages that hold no running code: a container runs the kernel of its node, never the one in its image."""

from tidewaiter.core.model.package import Package

REASON = "kernel-headers"

_NAMES = frozenset({"linux-libc-dev", "kernel-headers", "linux-kbuild", "linux-headers", "linux-compiler"})
_PREFIXES = ("linux-headers-", "linux-kbuild-", "linux-compiler-", "kernel-headers-", "linux-libc-dev-")


def is_kernel_headers(package: Package) -> bool:
    """Tell whether an OS package only carries headers or build parts of the kernel."""
    return package.type in {"deb", "rpm", "apk"} and (package.name in _NAMES or package.name.startswith(_PREFIXES))


_SIGNED = "linux-signed"
_DEBIAN_ARCHES = frozenset({"amd64", "arm64", "i386"})


def signed_source(package: Package) -> tuple[str, str] | None:
    """Return source and version under which advisories speak of a signed kernel image, None for all other packages.

    Images are packaged again with their signatures: Debian's source `linux-signed-amd64` (6.1.90+1) is `linux`
    (6.1.90-1, as the binary says), Ubuntu's `linux-signed-aws` is the flavour `linux-aws`.
    """
    name = package.source[0]
    if package.type != "deb" or not (name == _SIGNED or name.startswith(f"{_SIGNED}-")):
        return None
    flavour = name.removeprefix(_SIGNED).lstrip("-")
    return ("linux" if not flavour or flavour in _DEBIAN_ARCHES else f"linux-{flavour}"), package.version
