"""CVSS 3.0 and 3.1 base scores (first.org: cvss/v3-1/specification-document, section 7 and appendix A)."""

import math
from collections.abc import Mapping

_ATTACK_VECTOR = {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2}
_ATTACK_COMPLEXITY = {"L": 0.77, "H": 0.44}
_PRIVILEGES = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}
_INTERACTION = {"N": 0.85, "R": 0.62}
_IMPACT = {"H": 0.56, "L": 0.22, "N": 0.0}


def score_3_1(metrics: Mapping[str, str]) -> float:
    """Return the base score; KeyError when a base metric is missing or has an unknown value."""
    return _rounded_up(_raw(metrics))


def score_3_0(metrics: Mapping[str, str]) -> float:
    """Return the base score by 3.0, which differs from 3.1 in how it rounds; errors as `score_3_1`."""
    return math.ceil(_raw(metrics) * 10) / 10


def _raw(metrics: Mapping[str, str]) -> float:
    scope = metrics["S"]
    privileges = _PRIVILEGES[scope][metrics["PR"]]
    exploitability = 8.22 * _ATTACK_VECTOR[metrics["AV"]] * _ATTACK_COMPLEXITY[metrics["AC"]]
    exploitability *= privileges * _INTERACTION[metrics["UI"]]
    left = 1.0
    for name in ("C", "I", "A"):
        left *= 1 - _IMPACT[metrics[name]]
    base = 1 - left
    if scope == "U":
        impact = 6.42 * base
        total = impact + exploitability
    else:
        impact = 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15
        total = 1.08 * (impact + exploitability)
    return 0.0 if impact <= 0 else min(total, 10.0)


def _rounded_up(value: float) -> float:
    """Round up to one decimal, free of floating-point dust: integers of 1/100,000 decide (appendix A)."""
    units = round(value * 100_000)
    return units / 100_000 if units % 10_000 == 0 else (units // 10_000 + 1) / 10
