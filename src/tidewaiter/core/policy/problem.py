"""What is wrong with a policy: the place, the message and a hint, for `policy lint` and for the report."""

import difflib
from collections.abc import Iterable

import msgspec

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown


class PolicyProblem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One defect of one policy document; a policy with a problem is never evaluated."""

    policy: str
    """Its name as far as known, else empty."""
    message: str
    """What happened, one sentence without final stop."""
    location: Location
    hint: str = ""
    """What to write instead."""

    def __str__(self) -> str:
        """Write `file:line:column: message (hint)` as compilers do."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.location}: {self.message}{hint}"

    def as_unknown(self) -> Unknown:
        """Return it as an open question of the run, which then exits 3 unless something failed."""
        return Unknown(
            subject=f"policy {self.policy or self.location.file or '?'}",
            reason=f"{self.message} at {self.location}",
            advice=self.hint or "correct the policy; `tidewaiter policy lint` shows every problem",
            location=self.location,
        )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean X?` for the nearest known word, or the first few known words, or nothing."""
    names = sorted(set(known))
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    if 0 < len(names) <= 12:
        return "known: " + ", ".join(names)
    return ""
