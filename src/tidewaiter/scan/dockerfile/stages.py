"""What ARG and ENV make known, stage by stage."""

from tidewaiter.scan.dockerfile.variables import expand
from tidewaiter.scan.dockerfile.words import key_values, split_words, unquoted


class Stages:
    """The variables at the current instruction; arguments take their defaults, as a plain `docker build` does."""

    def __init__(self, escape: str) -> None:
        """Start before the first FROM."""
        self.count = 0
        """Number of FROM instructions so far."""
        self._escape = escape
        self._global: dict[str, str | None] = {}
        self._arguments: dict[str, str | None] = {}
        self._environment: dict[str, str] = {}
        self._finished: dict[str, dict[str, str]] = {}
        self._name = ""

    def enter(self, value: str) -> tuple[str, str, str]:
        """Begin a stage; return the image after expansion, the stage's name in lower case, and the expanded text."""
        if self.count:
            self._finished[self._name] = self._environment
            self._finished[str(self.count - 1)] = self._environment
        expanded = expand(value, self._global, escape=self._escape)
        words = [unquoted(word, self._escape) for word in split_words(expanded, self._escape)]
        image = words[0] if words else ""
        named = len(words) >= 3 and words[1].lower() == "as"
        self._name = words[2].lower() if named else ""
        self._arguments = {}
        self._environment = dict(self._finished.get(image.lower(), {})) if image else {}
        self.count += 1
        return image, self._name, expanded

    def declare(self, value: str) -> None:
        """Take in an ARG; inside a stage a default of the same name before the first FROM counts too."""
        for word in split_words(value, self._escape):
            name, equals, default = word.partition("=")
            known: str | None = None
            if equals:
                known = unquoted(self.expand(default), self._escape)
            elif self.count:
                known = self._global.get(name)
            if self.count:
                self._arguments[name] = known
            else:
                self._global[name] = known

    def set_environment(self, expanded: str) -> None:
        """Take in an ENV whose value is already expanded."""
        self._environment.update(key_values(expanded, self._escape))

    def expand(self, text: str) -> str:
        """Return `text` with what is known here; ENV wins over ARG."""
        if "$" not in text:
            return text
        known = {**self._arguments, **self._environment} if self.count else self._global
        return expand(text, known, escape=self._escape)
