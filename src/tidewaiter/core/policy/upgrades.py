"""The fix of a vulnerability: upgrade the package, at the pin when a lock file of the tree holds it."""

from tidewaiter.core.finding import Fix, ManualChange, Patch, ReplaceText
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.policy.fields.base import View
from tidewaiter.core.vuln.versions import BUILTIN, VersionScheme

_SCHEMES = {"deb": "dpkg", "pypi": "pep440", "npm": "semver"}


def upgrade_of(view: View) -> Fix | None:
    """Return the upgrade that closes a vulnerability, and all others of the same package where the order is known."""
    fact: Vulnerability = view.fact
    if not fact.fixed or not fact.status.is_vulnerable:
        return None
    package = fact.package
    image = view.parent.fact.ref if view.parent is not None else ""
    target = _closing_all(view, fact)
    name, installed = package.source if package.type == "deb" else (package.name, package.version)
    pin = package if view.parent is None else view.world.pin_of(package)
    patch: Patch = ManualChange(identity=f"upgrade {package.type}/{name} in {image or _file(package)}")
    if (
        pin is not None
        and pin.type == "pypi"
        and pin.location is not None
        and pin.location.file
        and pin.location.line
        and pin.location.file.endswith(".txt")
    ):
        patch = ReplaceText(
            file=pin.location.file,
            line=pin.location.line,
            find=f"{pin.name}=={pin.version}",
            replacement=f"{pin.name}=={target}",
        )
    return Fix(title=f"upgrade {name} from {installed} to {target}", patches=(patch,), why=_why(package))


def _why(package: Package) -> str:
    if package.type == "deb":
        return "rebuild on a current base image, or upgrade the package in the Dockerfile"
    return "the interface may have changed; run the application's tests and refresh pinned hashes"


def _file(package: Package) -> str:
    return (package.location.file or "") if package.location is not None else ""


def _closing_all(view: View, fact: Vulnerability) -> str:
    """Return the highest fixed version among the vulnerabilities of the same package in the same place."""
    assert fact.fixed is not None
    ref = view.parent.fact.ref if view.parent is not None else ""
    scheme = _scheme(fact.package.type)
    if scheme is None:
        return fact.fixed
    siblings = view.world.fixed_versions(ref).get(fact.package.purl, ())
    return max((*siblings, fact.fixed), key=lambda version: (scheme.key(version), version))


def _scheme(kind: str) -> VersionScheme | None:
    wanted = _SCHEMES.get(kind)
    return next((scheme for scheme in BUILTIN if scheme.id == wanted), None)
