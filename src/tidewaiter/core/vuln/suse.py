"""SUSE's product names, as OVAL, CSAF and OSV write them, to releases (ftp.suse.com: pub/projects/security)."""

import re

_SERVICE_PACK = re.compile(r"(1[0-9])(?: ?SP ?([0-9]))?(?:-([A-Z_]+))?")
_DOTTED = re.compile(r"([0-9]+\.[0-9]+)")
_LONG_TERM = ("LTSS", "ESPOS", "LTSS_EXTENDED", "TERADATA", "LTS")
NEEDS = "suse:"
"""Prefix of `Qualifiers.needs`: `suse:ltss`."""


def product(text: str) -> tuple[str, str, str] | None:
    """Return (ecosystem, release, needs) of a product name, None when it is not a product we know.

    `SUSE Linux Enterprise Server 15 SP5` and its modules are (`SUSE`, `15.5`, ``); `…15 SP3-LTSS` needs `suse:ltss`;
    `SUSE Linux Enterprise Micro 5.2` and `SUSE Linux Micro 6.0` are (`SUSE`, `micro-5.2`); `openSUSE Leap 15.6`,
    `openSUSE Leap Micro 5.2` and `openSUSE Tumbleweed` are of the ecosystem `openSUSE`.
    """
    name = " ".join(text.replace("_", " ").split())
    low = name.lower()
    if low.startswith(("opensuse", "leap", "tumbleweed")):
        return _community(low)
    if "micro" in low:
        dotted = _DOTTED.search(name)
        return ("SUSE", f"micro-{dotted[1]}", "") if dotted is not None else None
    if "package hub" not in low and "linux " not in f"{low} ":
        return None
    if "live patching" in low:
        return None  # patches of the running kernel, which is never the image's
    found = _last(name)
    if found is None:
        dotted = _DOTTED.search(name)
        return ("SUSE", dotted[1], "") if dotted is not None else None
    major, pack, suffix = found
    needs = suffix.lower() if suffix in _LONG_TERM else next((w.lower() for w in _LONG_TERM if f" {w}" in name), "")
    release = f"{major}.{pack}" if pack else major
    return "SUSE", release, f"{NEEDS}{needs}" if needs else ""


def release_of(version_id: str, *, micro: bool) -> str:
    """Return the release of a system by its `VERSION_ID`: `15.5`, `micro-5.2`, and `12` for `12.0`."""
    text = version_id.removesuffix(".0") if version_id.startswith(("11", "12", "15.0")) else version_id
    return f"micro-{text}" if micro else text


def _community(low: str) -> tuple[str, str, str] | None:
    if "tumbleweed" in low:
        return "openSUSE", "tumbleweed", ""
    dotted = _DOTTED.search(low)
    if dotted is None:
        return None
    return "openSUSE", f"micro-{dotted[1]}" if "micro" in low else dotted[1], ""


def _last(name: str) -> tuple[str, str, str] | None:
    """Return the numbers of the last `15 SP5-LTSS` in a name; `16.0` is told by the caller."""
    if re.search(r"1[6-9]\.[0-9]", name):
        return None
    found = list(re.finditer(_SERVICE_PACK, name))
    return (found[-1][1], found[-1][2] or "", found[-1][3] or "") if found else None
