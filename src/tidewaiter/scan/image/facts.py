"""What one layer says, before it is merged with the others: the value that a cache of layers would hold."""

from dataclasses import dataclass, field

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.analyzer import AnalyzerResult
from tidewaiter.scan.token_format import Token


@dataclass(slots=True)
class LayerFacts:
    """Facts of one layer by path as written in the layer; filled by one pass, then only read."""

    names: dict[str, list[str]] = field(default_factory=dict)
    """Folder -> names of its members that are not folders."""
    folders: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)
    """Symbolic links, targets as written."""
    hard: dict[str, str] = field(default_factory=dict)
    """Hard links that some reader wants by their own name -> the entry whose body they share."""
    whiteouts: set[str] = field(default_factory=set)
    opaques: set[str] = field(default_factory=set)
    results: dict[str, dict[str, AnalyzerResult]] = field(default_factory=dict)
    """Path -> analyzer id -> what the file says."""
    linked: dict[str, dict[str, AnalyzerResult]] = field(default_factory=dict)
    """Like `results`, for entries that are read only because a hard link with a wanted name shares their body."""
    system: dict[str, bytes] = field(default_factory=dict)
    """Bodies of the small system files."""
    tools: list[str] = field(default_factory=list)
    """Paths of members that may be tools, by their name."""
    modes: dict[str, int] = field(default_factory=dict)
    """Files with setuid, setgid or write permission for all -> mode."""
    tokens: dict[str, tuple[Token, ...]] = field(default_factory=dict)
    not_searched: int = 0
    """Files that were not searched for credentials because of their folder."""
    unknowns: list[Unknown] = field(default_factory=list)
    made_bytes: int = 0
    """Uncompressed size."""
