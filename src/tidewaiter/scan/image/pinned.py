"""Lock files in a scanned folder: they pin what may be installed and prove nothing installed, so a scan passes them by.

Whoever scans a source tree must hear of it, or "no packages" sounds like an answer (scanning guide 1).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.image.facts import LayerFacts

_NAMES: Final = re.compile(
    r"(?:^|/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|requirements\.txt|Pipfile\.lock"
    r"|poetry\.lock|uv\.lock|pdm\.lock|go\.mod|Cargo\.lock|Gemfile\.lock|composer\.lock|pom\.xml|gradle\.lockfile"
    r"|packages\.lock\.json|mix\.lock|pubspec\.lock|Podfile\.lock|Package\.resolved|conan\.lock)(?=/|$)"
)
_INSTALLED: Final = re.compile(r"(?:^|/)(?:node_modules|site-packages|dist-packages|vendor|usr|go/pkg/mod)(?:/|$)")
_NAMED: Final = 3


def pinned_files(layers: Iterable[LayerFacts]) -> Iterator[str]:
    """Yield the lock files of a folder, but for those that came along with installed packages."""
    for facts in layers:
        for folder in sorted(facts.names):
            if _INSTALLED.search(folder) is None:
                for name in _NAMES.findall(facts.names[folder]):
                    yield f"{folder}/{name}" if folder else name


def pinned_remark(layers: Iterable[LayerFacts], source: str) -> Iterator[Unknown]:
    """Yield the remark about lock files that were passed by, none without any."""
    found = list(pinned_files(layers))
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        yield Unknown(
            subject=source,
            reason=f"lock files are not read by a scan, which tells what is installed: {', '.join(found[:_NAMED])}{more}",
            advice="`tidewaiter check FOLDER` reads them",
            incomplete=False,
        )
