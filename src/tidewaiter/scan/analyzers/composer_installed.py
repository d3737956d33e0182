"""PHP packages that Composer installed (composer/composer: InstalledFilesystemRepository): `vendor/composer/installed.json`."""

from typing import TYPE_CHECKING, Any, Final

from tidewaiter.core.model.package import Package
from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.json_text import JsonError, decode, mapping, text, texts

if TYPE_CHECKING:
    from tidewaiter.core.model.verdict import Unknown

_ADVICE: Final = "run `composer install` again"


class ComposerInstalled:
    """Reads the list of Composer 1 (an array) and of Composer 2 (an object with `packages`)."""

    id: Final = "composer-installed"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "language", "composer"})
    globs: Final = ("**/composer/installed.json",)
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 8 << 20

    def wants(self, path: str) -> bool:
        """Accept every path that matches."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the packages with what they require of each other."""
        try:
            root = decode(data)
        except JsonError as error:
            return AnalyzerResult(unknowns=(damaged(path, str(error), advice=_ADVICE),))
        written = root if isinstance(root, list) else mapping(root).get("packages")
        if not isinstance(written, list):
            return AnalyzerResult(unknowns=(damaged(path, "the JSON has no list of packages", advice=_ADVICE),))
        entries = [mapping(one) for one in written]
        whole = [one for one in entries if text(one.get("name")) and text(one.get("version"))]
        dev = frozenset(texts(mapping(root).get("dev-package-names")))
        versions = {text(one["name"]).lower(): text(one["version"]) for one in whole}
        unknowns: tuple[Unknown, ...] = ()
        if len(whole) < len(entries):
            count = len(entries) - len(whole)
            unknowns = (damaged(path, f"{count} of {len(entries)} entries have no name or no version", advice=_ADVICE),)
        return AnalyzerResult(packages=tuple(_package(one, versions, dev) for one in whole), unknowns=unknowns)


def _package(entry: dict[str, Any], versions: dict[str, str], dev: frozenset[str]) -> Package:
    name = text(entry["name"]).lower()
    required = (one.lower() for one in mapping(entry.get("require")))
    purls = (Package(type="composer", name=one, version=versions[one]).purl for one in required if one in versions)
    licences = texts(entry.get("license"))
    return Package(
        type="composer",
        name=name,
        version=text(entry["version"]),
        licence=" OR ".join(licences),
        scope="dev" if dev and (name in dev or entry["name"] in dev) else "unknown",
        requires=tuple(sorted(purls)),
    )


ANALYZER: Final = ComposerInstalled()
