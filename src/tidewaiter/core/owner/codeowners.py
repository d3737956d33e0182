"""CODEOWNERS: patterns of paths and who owns them, the last match wins (GitHub and GitLab documentation)."""

import msgspec

from tidewaiter.core.finding import Owner
from tidewaiter.core.owner.paths import PathPattern, path_pattern
from tidewaiter.core.owner.value import is_routable, normalised

PLACES = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS")
"""Where the file may lie; the first that exists counts."""


class CodeOwnersLine(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of the file."""

    line: int
    pattern: PathPattern
    owners: tuple[str, ...]
    """Empty takes the owner away again."""


class CodeOwners(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one file, in its order."""

    rules: tuple[CodeOwnersLine, ...]
    file: str = "CODEOWNERS"

    def owner_of(self, path: str) -> Owner | None:
        """Return the first owner of the last rule that means `path`; None when no rule does, or the rule names nobody."""
        rule = next((rule for rule in reversed(self.rules) if rule.pattern.matches(path)), None)
        if rule is None or not rule.owners:
            return None
        values = [normalised(owner) for owner in rule.owners]
        value = next(filter(is_routable, values), values[0])
        return Owner(value=value, rule=f"{self.file} line {rule.line}", routable=is_routable(value))


def parse_codeowners(text: str, *, file: str = "CODEOWNERS") -> CodeOwners:
    r"""Read a CODEOWNERS file; comments, GitLab section headings and lines with classes or `!` make no rule.

    A blank inside a pattern is written `\ `, a leading `#` as `\#`.
    """
    rules = []
    for number, line in enumerate(text.splitlines(), 1):
        words = _words(line)
        if not words or words[0].startswith(("[", "^[", "!")):
            continue
        rules.append(CodeOwnersLine(line=number, pattern=path_pattern(words[0]), owners=tuple(words[1:])))
    return CodeOwners(rules=tuple(rules), file=file)


def _words(line: str) -> list[str]:
    """Split at blanks that no backslash protects; a `#` at the start of a word begins a comment."""
    words: list[str] = []
    word = ""
    escaped = False
    for character in line.strip():
        if escaped:
            word, escaped = word + character, False
        elif character == "\\":
            escaped = True
        elif character.isspace():
            words += [word] if word else []
            word = ""
        elif character == "#" and not word:
            return words
        else:
            word += character
    return words + ([word] if word else [])
