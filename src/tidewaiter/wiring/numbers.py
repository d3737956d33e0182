"""Numbers that the environment sets; one that is none must not be taken for unset in silence."""

from collections.abc import Mapping
from typing import Final

_DIGITS: Final = 11


class SettingError(ValueError):
    """A variable of the environment that cannot be used; `advice` says what to do."""

    def __init__(self, name: str, text: str) -> None:
        """Say which variable and what it holds."""
        super().__init__(f"{name} is `{text[:40]}`, which is no whole number")
        self.advice = f"set {name} to a number from 0 on, or leave it unset"


def number_of(environ: Mapping[str, str], name: str) -> int | None:
    """Return the number that a variable holds, None when it is unset or empty; raises `SettingError`."""
    text = environ.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise SettingError(name, text)
    return int(text)
