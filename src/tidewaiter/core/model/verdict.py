"""The three-valued answer to every question: `Pass`, `Fail` or `Unknown` with its reason."""

import msgspec

from tidewaiter.core.model.location import Location


class Pass(msgspec.Struct, frozen=True, tag="pass"):
    """The question was looked at and the answer is good."""


class Fail(msgspec.Struct, frozen=True, tag="fail"):
    """The question was looked at and the answer is bad."""


class Unknown(msgspec.Struct, frozen=True, kw_only=True, tag="unknown", omit_defaults=True):
    """We could not look; never the same as "nothing found".

    Both a fact (a layer that could not be read) and a verdict (a policy that needed it) are told this way.
    """

    subject: str
    """What was not looked at, as people name it: `shop.tar`, `layer 3 of shop/web`, `deploy/web.yaml document 2`."""
    reason: str
    """What happened, one sentence without final stop."""
    advice: str = ""
    """What a person can do about it, one sentence, or empty."""
    location: Location | None = None
    incomplete: bool = True
    """True when input was not read, data is missing or a policy is broken: such a run exits 3 unless something failed."""


Verdict = Pass | Fail | Unknown
