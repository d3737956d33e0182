"""Which repositories a Red Hat CPE covers (cpe.mitre.org: CPE 2.2; decision 8.2)."""

import msgspec

_SCHEME = "cpe:/"
_BASE = "enterprise_linux"
_MAJORS = frozenset({"4", "5", "6", "7", "8", "9", "10"})
_VARIANTS = frozenset({"rhel_eus", "rhel_aus", "rhel_tus", "rhel_e4s", "rhel_els"})
_DEFAULTS = {"6": ("o:6::server",), "7": ("o:7::server",)}


class Cpe(msgspec.Struct, frozen=True):
    """The parts of a CPE that tell repositories apart; the part letter does not count."""

    vendor: str
    product: str
    version: str = ""
    edition: str = ""


def parse(text: str) -> Cpe | None:
    """Return the parts of `cpe:/o:redhat:enterprise_linux:9::baseos`, None for another text."""
    if not text.startswith(_SCHEME):
        return None
    fields = [*text[len(_SCHEME) :].split(":"), "", "", "", "", ""]
    return Cpe(fields[1], fields[2], fields[3], fields[5]) if fields[2] else None


def covers(row: Cpe, enabled: Cpe) -> bool:
    """Tell whether a row about one CPE speaks of packages from an enabled repository.

    A shorter version covers longer ones (`openshift:4` covers `openshift:4.13`), no edition covers every edition. Of
    the base product the shorter version may stand on either side: RHEL 10 rows say 10.0, its repositories say 10.
    """
    if (row.vendor, row.product) != (enabled.vendor, enabled.product):
        return False
    if row.edition and enabled.edition and row.edition != enabled.edition:
        return False
    if row.edition and not enabled.edition:
        return False
    return _begins(row.version, enabled.version) or (row.product == _BASE and _begins(enabled.version, row.version))


def major_of(text: str) -> str:
    """Return the major release of RHEL that a product belongs to; empty when its CPE does not tell.

    `el8` in the edition, else the version of RHEL and its variants. Some products are called after RHEL and count their
    own versions: `rhel_satellite_client:6::el9`, `rhel_software_collections:3`.
    """
    cpe = parse(text)
    if cpe is None:
        return ""
    edition = cpe.edition.removeprefix("el")
    if edition != cpe.edition and edition.isdigit():
        return edition
    major = cpe.version.partition(".")[0]
    return major if major in _MAJORS and (cpe.product == _BASE or cpe.product.startswith("rhel_")) else ""


def is_of_system(text: str) -> bool:
    """Tell whether a CPE is that of RHEL itself or of one of its variants, whose packages are rpms."""
    cpe = parse(text)
    return cpe is not None and text.startswith("cpe:/o:") and (cpe.product == _BASE or cpe.product in _VARIANTS)


def defaults(major: str) -> tuple[str, ...]:
    """Return the CPEs of what every installation of a release has enabled: BaseOS and AppStream."""
    short = _DEFAULTS.get(major, (f"o:{major}::baseos", f"a:{major}::appstream"))
    return tuple(f"{_SCHEME}{part[0]}:redhat:{_BASE}:{part[2:]}" for part in short)


def _begins(short: str, long: str) -> bool:
    return not short or long == short or long.startswith(f"{short}.")
