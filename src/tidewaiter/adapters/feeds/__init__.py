"""The feeds family: one file per feed, each recognises its documents by content (scanning guide 10.1)."""

from tidewaiter.adapters.feeds.debian_changelog_fixes import DebianChangelogFixes
from tidewaiter.adapters.feeds.debian_tracker import DebianTracker
from tidewaiter.adapters.feeds.epss import Epss
from tidewaiter.adapters.feeds.kev import Kev
from tidewaiter.adapters.feeds.osv import Osv
from tidewaiter.adapters.feeds.vulnrichment import Vulnrichment
from tidewaiter.core.registry import Registry
from tidewaiter.ports.advisories import FeedReader

BUILTIN: tuple[FeedReader, ...] = (
    Kev(),
    Epss(),
    DebianChangelogFixes(),
    Vulnrichment(),
    Osv(),
    DebianTracker(),
)


def registry() -> Registry[FeedReader]:
    """Return the built-in feeds by id."""
    return Registry("feeds", BUILTIN)
