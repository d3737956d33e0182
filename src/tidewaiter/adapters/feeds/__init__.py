"""The feeds family: one file per feed, each recognises its documents by content (scanning guide 10.1)."""

from tidewaiter.adapters.feeds.alpine_secdb import AlpineSecdb
from tidewaiter.adapters.feeds.alpine_secfixes import AlpineSecfixes
from tidewaiter.adapters.feeds.chainguard_secdb import ChainguardSecdb
from tidewaiter.adapters.feeds.debian_changelog_fixes import DebianChangelogFixes
from tidewaiter.adapters.feeds.debian_tracker import DebianTracker
from tidewaiter.adapters.feeds.epss import Epss
from tidewaiter.adapters.feeds.kev import Kev
from tidewaiter.adapters.feeds.osv import Osv
from tidewaiter.adapters.feeds.vulnrichment import Vulnrichment
from tidewaiter.adapters.feeds.wolfi_secdb import WolfiSecdb
from tidewaiter.core.registry import Registry
from tidewaiter.ports.advisories import FeedReader

BUILTIN: tuple[FeedReader, ...] = (
    Kev(),
    Epss(),
    DebianChangelogFixes(),
    Vulnrichment(),
    Osv(),
    DebianTracker(),
    AlpineSecdb(),
    AlpineSecfixes(),
    WolfiSecdb(),
    ChainguardSecdb(),
)


def registry() -> Registry[FeedReader]:
    """Return the built-in feeds by id."""
    return Registry("feeds", BUILTIN)
