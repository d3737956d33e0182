"""From a package URL back to a package, for inventories that others wrote."""

from tidewaiter.core.model.package import Package
from tidewaiter.core.model.purl import Purl, parse
from tidewaiter.core.model.purl_types import joined_name

_SOURCE_RPM = (".src.rpm", ".nosrc.rpm")


def package_of(purl: Purl | str) -> Package:
    """Return the package that a package URL names; PurlError when the text is none.

    What matching needs is taken from qualifiers: `arch`, `distro`, `upstream`, and for rpm `epoch` and `rpmmod`
    (Trivy: `modularitylabel`).
    """
    url = parse(purl, lenient=True) if isinstance(purl, str) else purl
    namespace, name = joined_name(url.type, url.namespace, url.name, url.subpath)
    version = url.version
    epoch = url.qualifiers.get("epoch", "")
    if url.type == "rpm" and epoch.isascii() and epoch.isdigit() and int(epoch[:9]) and ":" not in version:
        version = f"{epoch}:{version}"
    source_name, source_version = _upstream(url.qualifiers.get("upstream", ""))
    module = url.qualifiers.get("rpmmod") or url.qualifiers.get("modularitylabel") or ""
    return Package(
        type=url.type,
        name=name,
        version=version,
        arch=url.qualifiers.get("arch", ""),
        namespace=namespace,
        distro=url.qualifiers.get("distro", ""),
        source_name=source_name if source_name != name else "",
        source_version=source_version if source_version != version else "",
        module=module if url.type == "rpm" else "",
    )


def _upstream(text: str) -> tuple[str, str]:
    """Return name and version of the source package: `openssl@3.0.11-1`, `openssl`, `curl-7.76.1-26.el9.src.rpm`."""
    if text.endswith(_SOURCE_RPM):
        name, dash, release = text.removesuffix(".rpm").rpartition(".")[0].rpartition("-")
        name, other, number = name.rpartition("-")
        return (name, f"{number}-{release}") if dash and other and name else ("", "")
    name, _, version = text.partition("@")
    return name, version
