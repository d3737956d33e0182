"""Who acts on a finding, and by which rule that was decided (admission-and-risk.md 13, decision 2)."""

from tidewaiter.core.owner.codeowners import CodeOwners, parse_codeowners
from tidewaiter.core.owner.decide import OwnerRule, Owners
from tidewaiter.core.owner.paths import PathPattern, matches_path, path_pattern
from tidewaiter.core.owner.value import is_routable, normalised

__all__ = [
    "CodeOwners",
    "OwnerRule",
    "Owners",
    "PathPattern",
    "is_routable",
    "matches_path",
    "normalised",
    "parse_codeowners",
    "path_pattern",
]
