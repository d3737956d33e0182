"""SBOMs that vendors put into images (SPDX 2.3 JSON): Bitnami's components, Wolfi's and Chainguard's packages.

Each vendor's file is taken for what it alone can tell: the vendor's own package. What else it lists (sources, languages)
is read from the installed files themselves.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tidewaiter.core.model.package import Package
from tidewaiter.core.model.purl import PurlError
from tidewaiter.core.model.purl_package import package_of
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

_COMPONENTS: Final = "opt/bitnami/.bitnami_components.json"
_ADVICE: Final = "ask the image's vendor, or build the image again"
_TRUSTED: Final = {"opt/bitnami/": "pkg:bitnami/", "var/lib/db/sbom/": "pkg:apk/"}
"""Folder -> beginning of the package URLs that are taken from it."""


class EmbeddedSbom:
    """Reads the vendor's own packages from SBOMs at the places that vendors use."""

    id: Final = "embedded-sbom"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "os", "bitnami", "apk"})
    globs: Final = ("opt/bitnami/**/.spdx-*.spdx", _COMPONENTS, "var/lib/db/sbom/*.spdx.json")
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 16 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the vendor's packages; a guess where a database of packages, if there is one, knows better."""
        try:
            root = mapping(decode(data, size=self.max_bytes))
        except JsonError as error:
            return AnalyzerResult(unknowns=(damaged(path, str(error), advice=_ADVICE),))
        if path == _COMPONENTS:
            return AnalyzerResult(packages=tuple(_components(root)))
        written = root.get("packages")
        if not isinstance(written, list):
            return AnalyzerResult(unknowns=(damaged(path, "the SBOM has no list of packages", advice=_ADVICE),))
        start = next(start for folder, start in _TRUSTED.items() if path.startswith(folder))
        found: dict[Package, None] = {}
        for url in (url for entry in written for url in _urls(mapping(entry)) if url.startswith(start)):
            try:
                package = package_of(url)
            except PurlError as error:
                reason = f"the package URL `{url[:200]}` is malformed ({error})"
                return AnalyzerResult(packages=tuple(found), unknowns=(damaged(path, reason, advice=_ADVICE),))
            found[msgspec.structs.replace(package, is_guess=package.type == "apk")] = None
        return AnalyzerResult(packages=tuple(found))


def _urls(entry: dict[str, Any]) -> Iterator[str]:
    references = entry.get("externalRefs")
    for reference in references if isinstance(references, list) else []:
        fields = mapping(reference)
        if fields.get("referenceType") == "purl":
            yield text(fields.get("referenceLocator"))


def _components(root: dict[str, Any]) -> Iterator[Package]:
    """Yield the components of Bitnami's own list, which older images have and newer ones repeat as SPDX."""
    for name, value in root.items():
        fields = mapping(value)
        version = text(fields.get("version"))
        if name and version:
            yield Package(
                type="bitnami",
                name=name,
                version=version,
                arch=text(fields.get("arch")),
                distro=text(fields.get("distro")),
                is_guess=True,
            )


ANALYZER: Final = EmbeddedSbom()
