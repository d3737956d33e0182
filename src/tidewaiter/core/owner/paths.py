"""Path patterns as CODEOWNERS and `.gitignore` write them (git: gitignore documentation), without classes and `!`."""

from collections.abc import Sequence

import msgspec

from tidewaiter.core.policy import globs


class PathPattern(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern taken apart once, matched against many paths.

    A pattern with a slash at its start or in its middle begins at the root, any other matches at every depth. A
    pattern that names a folder means everything in it, unless its last part is `*`, which stays in that folder.
    """

    segments: tuple[str, ...]
    anchored: bool
    folder_only: bool

    def matches(self, path: str) -> bool:
        """Tell whether a path, relative to the root, is meant."""
        names = [part for part in path.split("/") if part not in {"", "."}]
        whole = names[:-1] if self.folder_only else names
        if not self.segments or (self.anchored and whole and _differ(self.segments[0], whole[0])):
            return False
        below = self.folder_only or self.segments[-1] != "*" or not self.anchored
        starts = range(1) if self.anchored else range(len(whole))
        return any(_walk(self.segments, whole[start:], below=below) for start in starts)


def path_pattern(text: str) -> PathPattern:
    """Return the pattern that a text writes; a text of slashes only means nothing."""
    body = text.strip("/")
    parts = [part for part in body.split("/") if part]
    segments = tuple(part for index, part in enumerate(parts) if part != "**" or parts[index - 1 : index] != ["**"])
    return PathPattern(segments=segments, anchored=text.startswith("/") or "/" in body, folder_only=text.endswith("/"))


def matches_path(pattern: str, path: str) -> bool:
    """Tell whether a path, relative to the root, is meant by a pattern."""
    return path_pattern(pattern).matches(path)


def _differ(segment: str, name: str) -> bool:
    """Tell cheaply that a part without wildcards is another name; most rules of a long file end here."""
    return segment != name and not any(mark in segment for mark in "*?[\\{")


def _walk(segments: Sequence[str], names: Sequence[str], *, below: bool) -> bool:
    """Match parts against names; `**` stands for any number of names, and `below` lets the rest lie deeper.

    The set of reachable parts is carried along the names, so the time is at most their product.
    """
    end = len(segments)
    states = _closure({0}, segments)
    for name in names:
        if below and end in states:
            return True
        following = set()
        for state in states - {end}:
            if segments[state] == "**":
                following |= {state, end} if state == end - 1 else {state}
            elif globs.matches(segments[state], name):
                following.add(state + 1)
        states = _closure(following, segments)
    return end in states


def _closure(states: set[int], segments: Sequence[str]) -> set[int]:
    """Add what is reachable without a name: `**` may stand for none, but at the end it needs at least one."""
    reached = set(states)
    for state in states:
        if state < len(segments) - 1 and segments[state] == "**":
            reached.add(state + 1)
    return reached
