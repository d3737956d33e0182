"""CVSS 2.0 base score (first.org: cvss/v2/guide, section 3.2.1)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

_ACCESS_VECTOR = {"L": "0.395", "A": "0.646", "N": "1"}
_ACCESS_COMPLEXITY = {"H": "0.35", "M": "0.61", "L": "0.71"}
_AUTHENTICATION = {"M": "0.45", "S": "0.56", "N": "0.704"}
_IMPACT = {"N": "0", "P": "0.275", "C": "0.66"}


def score(metrics: Mapping[str, str]) -> float:
    """Return the base score; KeyError when a base metric is missing or has an unknown value.

    Temporal and environmental metrics, which public records hardly ever carry in v2, do not change it.
    """
    exploitability = 20 * _value(_ACCESS_VECTOR, metrics, "AV") * _value(_ACCESS_COMPLEXITY, metrics, "AC")
    exploitability *= _value(_AUTHENTICATION, metrics, "Au")
    left = Decimal(1)
    for name in ("C", "I", "A"):
        left *= 1 - _value(_IMPACT, metrics, name)
    impact = Decimal("10.41") * (1 - left)
    factor = Decimal("1.176") if impact else Decimal(0)
    base = (Decimal("0.6") * impact + Decimal("0.4") * exploitability - Decimal("1.5")) * factor
    return float(base.quantize(Decimal("0.1"), ROUND_HALF_UP))


def _value(table: Mapping[str, str], metrics: Mapping[str, str], name: str) -> Decimal:
    return Decimal(table[metrics[name]])
