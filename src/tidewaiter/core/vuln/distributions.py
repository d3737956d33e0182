"""From an operating system to the ecosystem and release under which its vendor's advisories are kept.

| system (`ID`) | ecosystem | release | names of rows | version compared |
|---|---|---|---|---|
| debian | Debian | `12`, `sid` | source | source, dpkg |
| ubuntu | Ubuntu | `22.04` for every channel; Pro and FIPS channels by `needs` and `flavour` | source | source, dpkg |
| alpine | Alpine | `3.20` (without `v`), `edge` | origin | own, apk |
| wolfi, chainguard | Wolfi, Chainguard | empty | origin | own, apk |
| rhel, centos | Red Hat | major: `9` | binary; `NAME.src` for a source | own; of `.src` rows the source's, epoch ignored; rpm |
| almalinux, rocky, ol | AlmaLinux, Rocky Linux, Oracle Linux | major: `9` | binary, or `NAME.src` | as Red Hat |
| amzn | Amazon Linux | `1`, `2`, `2022`, `2023` | binary | as Red Hat |
| sles and kin | SUSE | `15.5` by product (`suse.product`), `micro-5.2` | binary, or `NAME.src` | as Red Hat |
| opensuse-* | openSUSE | `15.6`, `micro-5.2`, `tumbleweed` | binary, or `NAME.src` | as Red Hat |
| azurelinux, mariner | Azure Linux, CBL-Mariner | `3.0`, `2.0` | `NAME.src`: OVAL names specs | as Red Hat |
| photon | Photon OS | `5.0` | binary and `NAME.src`, one statement each | as Red Hat |
| fedora | Fedora | `43`; EPEL is `epel-9` | binary | as Red Hat |
| bottlerocket | Bottlerocket | empty | package of updateinfo | `VERSION_ID` of the system: rows give the OS release alone, rpm |
| arch, archarm | Arch Linux | empty | binary | own, alpm |

In every rpm ecosystem a row may speak of the binary package (its plain name) or of the source package (`NAME.src`,
`source_name`); both are looked up, and within one record rows of the binary name win. Feeds write versions as
`[epoch:]version-release`; epoch `0:` may stay, it compares equal. Where a feed names only the build of a whole module
(Red Hat's successor format), the name is `module_name("python39:3.9")` and the version the module's: `8100020240826142629`.

What makes a row apply (`Qualifiers`, judged in `qualify.py`):

- `arches`: as the advisory lists them; `noarch` or an empty list holds for all, a `noarch` package is matched by all.
- `module`: `name:stream`. A row with module holds only for packages of that stream (Oracle: also for packages with an
  empty label whose release says `module`). A row without module never holds for a modular package, and one without
  module whose fix is a modular build gives `unknown` there. Never put version or context of the module into it.
- `flavour`: `fips`, `ksplice` or `cloud` of rpms by `rpm_flavour(version)`, equal on both sides; Ubuntu's FIPS rows `fips`.
- `repositories`: CPEs (Red Hat; compared as decision 8.2 says), or names: Amazon's extras (`kernel-5.15`), compared
  with `Package.repository`, and where that is not known with the series in the name (5.15 is not 4.14). Leave it empty
  for the core repository.
- `needs`: the subscription of the channel: `ubuntu-pro:esm-infra`, `suse:ltss`. Such a row applies without it as well:
  the package is affected and the fix needs the subscription.
"""

from collections.abc import Callable, Mapping

from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.core.vuln import debian, suse, ubuntu

EDGE = "edge"
SOURCE_SUFFIX = ".src"
"""Ends the name in rows of rpm distributions that speak of a source package and so of all its binaries."""


_MODULE_PREFIX = "module:"


def source_name(name: str) -> str:
    """Return the key name by which an rpm distribution's rows speak of a source package."""
    return name if name.endswith(SOURCE_SUFFIX) else name + SOURCE_SUFFIX


def module_name(stream: str) -> str:
    """Return the key name by which a row speaks of the build of a whole module: `module:python39:3.9`."""
    return f"{_MODULE_PREFIX}{stream}"


def is_module_name(name: str) -> bool:
    """Tell whether a key name is that of a module."""
    return name.startswith(_MODULE_PREFIX)


def rpm_flavour(version: str) -> str:
    """Return `fips`, `ksplice`, `cloud` or an empty text: builds of one name that are never compared with each other.

    A release ending in `_fips` or a part between dots that starts with `ksplice`, as Oracle writes them; one ending in
    `.cloud`, as Rocky's group for clouds builds its kernels.
    """
    release = version.rpartition("-")[2].lower()
    if release.endswith("_fips") or "_fips." in release:
        return "fips"
    if release.endswith(".cloud"):
        return "cloud"
    return "ksplice" if any(part.startswith("ksplice") for part in release.split(".")) else ""


def distribution(system: OperatingSystem) -> tuple[str, str]:
    """Return the ecosystem and release of an operating system as advisories name them; unknown ones as they say."""
    known = _SYSTEMS.get(system.id)
    if known is None:
        return system.name or system.id, system.version_id
    ecosystem, release = known
    return ecosystem, release(system)


def split_ecosystem(text: str) -> tuple[str, str]:
    """Return name and release key of an OSV ecosystem: `Debian:12` is (`Debian`, `12`); see `ubuntu.channel_of` too."""
    name, _, release = text.strip().partition(":")
    if name in {"SUSE", "openSUSE"}:
        found = suse.product(f"{name} {release}") if release else None
        return (found[0], found[1]) if found is not None else (name, release)
    short = _OSV_RELEASES.get(name)
    return name, short(release) if short is not None and release else release


def _major(text: str) -> str:
    return text.partition(".")[0]


def _two(text: str) -> str:
    parts = text.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 else f"{text}.0" if text else ""


def _debian(system: OperatingSystem) -> str:
    # Testing and unstable carry no number, only the codename of the release to come.
    return debian.release_of(system.version_id or system.codename or debian.ROLLING)


def _ubuntu(system: OperatingSystem) -> str:
    return ubuntu.release_of(system.version_id or system.codename)


def _alpine(system: OperatingSystem) -> str:
    """Return the highest branch that packages may come from, `edge` above all; else the system's own."""
    branches = [_alpine_branch(text) for text in system.repositories]
    known = [branch for branch in branches if branch == EDGE or branch.replace(".", "").isdigit()]
    if EDGE in known:
        return EDGE
    if known:
        return max(known, key=lambda text: tuple(int(part) for part in text.split(".") if part))
    if "_alpha" in system.version_id or "_rc" in system.version_id:
        return EDGE
    return _alpine_branch(".".join(system.version_id.split(".")[:2]))


def _alpine_branch(text: str) -> str:
    word = text.strip().lower().rpartition("/")[2] if "/" not in text.strip("/") else _branch_in(text)
    return word.removeprefix("v")


def _branch_in(path: str) -> str:
    """Return the branch in an address such as `https://…/alpine/v3.20/main`."""
    parts = [part for part in path.lower().split("/") if part]
    return next((p for p in reversed(parts) if p == EDGE or p.lstrip("v").replace(".", "").isdigit()), "")


def _amazon(system: OperatingSystem) -> str:
    major = _major(system.version_id)
    return "1" if major in {"2011", "2012", "2013", "2014", "2015", "2016", "2017", "2018"} else major


def _suse(system: OperatingSystem) -> str:
    return suse.release_of(system.version_id, micro="micro" in system.id)


def _opensuse(system: OperatingSystem) -> str:
    if "tumbleweed" in system.id:
        return "tumbleweed"
    return suse.release_of(system.version_id, micro="micro" in system.id)


def _none(system: OperatingSystem) -> str:  # noqa: ARG001 - one of several that look alike
    return ""


def _of_major(system: OperatingSystem) -> str:
    return _major(system.version_id)


def _of_two(system: OperatingSystem) -> str:
    return _two(system.version_id)


_Release = Callable[[OperatingSystem], str]
_SYSTEMS: Mapping[str, tuple[str, _Release]] = {
    "debian": ("Debian", _debian),
    "ubuntu": ("Ubuntu", _ubuntu),
    "alpine": ("Alpine", _alpine),
    "wolfi": ("Wolfi", _none),
    "chainguard": ("Chainguard", _none),
    "rhel": ("Red Hat", _of_major),
    "redhat": ("Red Hat", _of_major),
    "centos": ("Red Hat", _of_major),
    "almalinux": ("AlmaLinux", _of_major),
    "rocky": ("Rocky Linux", _of_major),
    "ol": ("Oracle Linux", _of_major),
    "oracle": ("Oracle Linux", _of_major),
    "amzn": ("Amazon Linux", _amazon),
    "sles": ("SUSE", _suse),
    "sled": ("SUSE", _suse),
    "sles_sap": ("SUSE", _suse),
    "sle_hpc": ("SUSE", _suse),
    "sle-micro": ("SUSE", _suse),
    "sl-micro": ("SUSE", _suse),
    "suse-microos": ("SUSE", _suse),
    "opensuse": ("openSUSE", _opensuse),
    "opensuse-leap": ("openSUSE", _opensuse),
    "opensuse-leap-micro": ("openSUSE", _opensuse),
    "opensuse-tumbleweed": ("openSUSE", _opensuse),
    "azurelinux": ("Azure Linux", _of_two),
    "mariner": ("CBL-Mariner", _of_two),
    "photon": ("Photon OS", _of_two),
    "fedora": ("Fedora", _of_major),
    "bottlerocket": ("Bottlerocket", _none),
    "arch": ("Arch Linux", _none),
    "archarm": ("Arch Linux", _none),
}


def _red_hat(text: str) -> str:
    """Return the major release in the CPE rest that OSV writes: `enterprise_linux:9::baseos`."""
    parts = text.split(":")
    return _major(parts[1]) if len(parts) > 1 else _major(text)


_OSV_RELEASES: Mapping[str, Callable[[str], str]] = {
    "Debian": debian.release_of,
    "Ubuntu": ubuntu.release_of,
    "Alpine": _alpine_branch,
    "Red Hat": _red_hat,
    "AlmaLinux": _major,
    "Rocky Linux": _major,
    "Oracle Linux": _major,
    "Azure Linux": _two,
    "CBL-Mariner": _two,
    "Photon OS": _two,
}
