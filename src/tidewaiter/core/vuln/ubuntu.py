"""Ubuntu's channels: what the archive gives to everybody and what needs a subscription (decision 8.3)."""

import re

PRO = "ubuntu-pro"
"""Prefix of `Qualifiers.needs` for everything that Ubuntu Pro opens: `ubuntu-pro:esm-infra`, `ubuntu-pro:fips-updates`."""
FIPS = "fips"
"""Flavour of packages that were built for FIPS 140; never judged by rows of plain packages while others exist."""

_RELEASE = re.compile(r"[0-9]{2}\.[0-9]{2}")
CODENAMES: tuple[tuple[str, str], ...] = (
    ("trusty", "14.04"),
    ("xenial", "16.04"),
    ("bionic", "18.04"),
    ("focal", "20.04"),
    ("jammy", "22.04"),
    ("kinetic", "22.10"),
    ("lunar", "23.04"),
    ("mantic", "23.10"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
    ("resolute", "26.04"),
)
"""Releases by the first word of their codename."""

_NUMBERS = dict(CODENAMES)
_OLD_CHANNELS = {"esm": "esm-infra", "esm-infra-legacy": "esm-infra"}
_CHANNELS = ("esm-infra-legacy", "esm-infra", "esm-apps", "fips-updates", "fips-preview", "fips", "realtime", "esm")


def release_of(text: str) -> str:
    """Return the release `22.04` of an OSV ecosystem without its name (`Pro:22.04:LTS`), of a codename or a number."""
    found = _RELEASE.search(text)
    return found[0] if found is not None else _NUMBERS.get(text.strip().lower(), text.strip().lower())


def channel_of(ecosystem: str, distro: str = "") -> str:
    """Return what the fixes of a row need: empty for the archive, else `ubuntu-pro:<service>` or `ubuntu-pro`.

    `ecosystem` is OSV's text (`Ubuntu:Pro:FIPS-updates:18.04:LTS`), `distro` the purl qualifier of the row
    (`esm-apps/jammy`, `trusty/esm`), which alone tells infra from apps.
    """
    words = [part.lower() for part in distro.split("/")]
    service = next((name for name in _CHANNELS if name in words), "")
    if not service:
        service = next((name for name in _CHANNELS if name in ecosystem.lower().split(":")), "")
    if service:
        return f"{PRO}:{_OLD_CHANNELS.get(service, service)}"
    return PRO if "pro" in ecosystem.lower().split(":") else ""


def distro_release(distro: str) -> str:
    """Return the release that a purl's `distro` names: `esm-infra/xenial`, `trusty/esm`, `jammy`, `ubuntu-22.04`."""
    for word in distro.lower().removeprefix("ubuntu-").split("/"):
        number = _NUMBERS.get(word, word if _RELEASE.fullmatch(word) else "")
        if number:
            return number
    return ""


def flavour_of(version: str) -> str:
    """Return `fips` for versions such as `3.0.2-0ubuntu1.12+Fips1`, else an empty text."""
    return FIPS if FIPS in version.lower() else ""
