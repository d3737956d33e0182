"""Debian's words: releases by name and number, urgencies of the security tracker (security-tracker.debian.org)."""

from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.vulnerability import Status

CODENAMES: tuple[tuple[str, str], ...] = (
    ("woody", "3.0"),
    ("sarge", "3.1"),
    ("etch", "4"),
    ("lenny", "5"),
    ("squeeze", "6"),
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("duke", "15"),
)
"""Every release by codename and number, from 4 on the major one; `sid` has no number and stays itself."""

_LAST_OF_TWO_NUMBERS = 3
"""Up to this one both numbers name a release: sarge, 3.1, followed on woody, 3.0."""

ROLLING = "sid"

_NUMBERS = dict(CODENAMES)


def release_of(text: str) -> str:
    """Return the key of a release given as codename, `12`, `12.5` or `unstable`; what is not known stays as it is."""
    word = text.strip().lower()
    if word in {"sid", "unstable"}:
        return ROLLING
    number, _, rest = word.partition(".")
    if not (number.isascii() and number.isdigit()):
        return _NUMBERS.get(word, word)
    minor = rest.partition(".")[0]
    return f"{number}.{minor}" if minor and len(number) == 1 and int(number) <= _LAST_OF_TWO_NUMBERS else number


def severity_of(urgency: str) -> str:
    """Return the severity that an urgency stands for, or an empty text for `not yet assigned` and unknown words.

    Trailing asterisks mark urgencies that were taken from NVD by machine; they count like the others.
    """
    words = {
        "unimportant": Severity.LOW.value,
        "low": Severity.LOW.value,
        "medium": Severity.MEDIUM.value,
        "high": Severity.HIGH.value,
    }
    return words.get(urgency.rstrip("*").strip().lower(), "")


def status_of(urgency: str, nodsa_reason: str | None) -> Status:
    """Return the status of an open entry; end of life is an urgency, not a reason (decision 8.4)."""
    if urgency.strip().lower() == "end-of-life":
        return Status.END_OF_LIFE
    return {"ignored": Status.WILL_NOT_FIX, "postponed": Status.FIX_DEFERRED}.get(nodsa_reason or "", Status.AFFECTED)
