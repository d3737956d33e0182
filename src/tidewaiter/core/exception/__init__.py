"""Exceptions and acceptance: who may leave a finding as it is, why, and until when; nothing is ever deleted."""

from tidewaiter.core.exception.accepted import (
    ACCEPTED,
    Accepted,
    AcceptedFinding,
    accept,
    accept_all,
    decode_accepted,
    encode_accepted,
)
from tidewaiter.core.exception.apply import Outcome, Use, apply
from tidewaiter.core.exception.document import PolicyException, decode_exceptions

__all__ = [
    "ACCEPTED",
    "Accepted",
    "AcceptedFinding",
    "Outcome",
    "PolicyException",
    "Use",
    "accept",
    "accept_all",
    "apply",
    "decode_accepted",
    "decode_exceptions",
    "encode_accepted",
]
