"""What one scan looks for, compiled once: readers by path, credential search, folders that are not searched."""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

import msgspec

from tidewaiter.core.registry import Registry
from tidewaiter.scan.analyzer import Analyzer, CompanionAnalyzer, ViewAnalyzer
from tidewaiter.scan.credential_search import CredentialSearch
from tidewaiter.scan.dispatch import Dispatcher
from tidewaiter.scan.image.limits import Limits
from tidewaiter.scan.os_release import FILES as OS_FILES
from tidewaiter.scan.token_format import TokenFormat
from tidewaiter.scan.tools import KINDS

SYSTEM_FILES: Final = (
    *OS_FILES,
    "etc/passwd",
    "etc/*-release",
    "etc/apk/repositories",
    "root/buildinfo/content_manifests/*.json",
    "usr/share/buildinfo/*.json",
    "var/lib/ubuntu-advantage/status.json",
)
"""Globs of small files whose bodies are kept as they are, for the readers of the merged image."""
FACTS_VERSION: Final = 2
"""Grows whenever the engine itself tells something else of the same layer, or tells it in another form."""
SYSTEM: Final = "system"
"""Wants a body as it is."""
BESIDE: Final = "beside"
"""Wants a body for the database beside it."""
_NOT_SEARCHED: Final = re.compile(
    r"(?:usr/(?:local/)?(?:share|include|lib/(?:python[\d.]+|gcc|x86_64-linux-gnu|aarch64-linux-gnu|locale))"
    r"|etc/ssl/certs|etc/pki|var/lib/(?:dpkg|apt|rpm)|var/cache|proc|sys|dev)(?:/|$)"
    r"|(?:.*/)?(?:[^/]*\.dist-info|[^/]*\.egg-info|site-packages|dist-packages|node_modules|locale|tests?|docs?|__pycache__|man)"
    r"(?:/|$)",
)
"""Folders of code, data and documentation that a distribution or a package manager installs."""


class Plan:
    """The compiled question; the same plan may scan many images."""

    def __init__(
        self,
        analyzers: Registry[Analyzer],
        formats: Registry[TokenFormat],
        limits: Limits,
        *,
        search_everywhere: bool = False,
    ) -> None:
        """Compile globs and keywords; `search_everywhere` also searches folders of installed code for credentials."""
        self.analyzers = analyzers
        self.limits = limits
        self.credentials = CredentialSearch(formats)
        entries = [(glob, analyzer.id) for analyzer in analyzers for glob in analyzer.globs]
        entries += [(glob, SYSTEM) for glob in SYSTEM_FILES]
        self.views = {one.id: one for one in analyzers if isinstance(one, ViewAnalyzer)}
        self.companions = {one.id: one for one in analyzers if isinstance(one, CompanionAnalyzer)}
        entries += [(glob, BESIDE) for one in self.companions.values() for glob in _beside(one)]
        self._dispatcher = Dispatcher(entries)
        self._magics = tuple(
            (magic, analyzer.id) for analyzer in analyzers for magic in getattr(analyzer, "magics", ())
        )
        self.magic_bytes = max((len(magic) for magic, _ in self._magics), default=0)
        """How many first bytes of an executable file decide; 0 when no analyzer goes by them."""
        self._search_everywhere = search_everywhere
        self._searched: dict[str, bool] = {}
        self._version = _version(analyzers, formats, limits, search_everywhere=search_everywhere)

    def layer_key(self, diff_id: str, also: Mapping[str, tuple[str, ...]]) -> str:
        """Return the name (hex) of what this plan finds in a layer: equal only if the facts would be equal."""
        asked = repr(sorted(also.items())).encode("utf-8", "surrogatepass")
        return hashlib.sha256(b"\0".join((self._version, diff_id.encode("utf-8", "surrogatepass"), asked))).hexdigest()

    @property
    def anchors(self) -> tuple[str, ...]:
        """Return literal paths that an image may hold behind symbolic links."""
        return self._dispatcher.anchors

    def wanted(self, path: str, folder: str, name: str) -> tuple[str, ...]:
        """Return the ids of the analyzers that want the path, SYSTEM and BESIDE for the files that only wait."""
        ids = self._dispatcher.find(path, folder, name)
        if not ids:
            return ids
        wanted = (id_ for id_ in ids if id_ in {SYSTEM, BESIDE} or self.analyzers[id_].wants(path))
        return tuple(dict.fromkeys(wanted))

    def wanted_by_magic(self, first: bytes) -> tuple[str, ...]:
        """Return the ids of the analyzers that want an executable file by its first `magic_bytes` bytes."""
        return tuple(dict.fromkeys(id_ for magic, id_ in self._magics if first.startswith(magic)))

    def is_searched(self, folder: str) -> bool:
        """Return whether text files of a folder are searched for credentials."""
        known = self._searched.get(folder)
        if known is None:
            known = self._search_everywhere or not _NOT_SEARCHED.match(folder)
            if len(self._searched) > 100_000:
                self._searched.clear()
            self._searched[folder] = known
        return known


def _beside(analyzer: CompanionAnalyzer) -> tuple[str, ...]:
    folders = dict.fromkeys(glob.rpartition("/")[0] for glob in analyzer.globs)
    return tuple(f"{folder}/{name}" if folder else name for folder in folders for name in analyzer.companions)


def _version(
    analyzers: Registry[Analyzer], formats: Registry[TokenFormat], limits: Limits, *, search_everywhere: bool
) -> bytes:
    """Return a digest of all that changes what is found in a layer: readers, formats, bounds and settings."""
    readers = [(one.id, one.version, one.globs, tuple(getattr(one, "magics", ())), one.max_bytes) for one in analyzers]
    tokens = [(one.id, one.version, one.pattern.source, one.keywords, one.files) for one in formats]
    settings = (FACTS_VERSION, SYSTEM_FILES, _NOT_SEARCHED.pattern, sorted(KINDS), search_everywhere)
    return hashlib.sha256(msgspec.msgpack.encode([settings, readers, tokens, limits])).digest()
