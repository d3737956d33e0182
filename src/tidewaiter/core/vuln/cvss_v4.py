"""CVSS 4.0 score (first.org: cvss/v4-0/specification-document, sections 7 and 8).

The score of a vector is the score of its MacroVector, lowered by the mean of how far it lies towards each next lower
MacroVector. "How far" counts steps of metric values away from the worst vector of the MacroVector.
"""

from collections.abc import Iterator, Mapping
from itertools import product

from tidewaiter.core.vuln.cvss_v4_table import macro_score

Macro = tuple[int, int, int, int, int, int]

# Values of each metric from worst to least; the position is the number of steps. `S` (safety) exists for SI and SA only.
_STEPS: Mapping[str, str] = {
    "AV": "NALP",
    "PR": "NLH",
    "UI": "NPA",
    "AC": "LH",
    "AT": "NP",
    "VC": "HLN",
    "VI": "HLN",
    "VA": "HLN",
    "SC": "SHLN",
    "SI": "SHLN",
    "SA": "SHLN",
    "CR": "HML",
    "IR": "HML",
    "AR": "HML",
    "E": "APU",
}
_BASE = ("AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA")
_WORST_WHEN_OPEN = {"E": "A", "CR": "H", "IR": "H", "AR": "H"}

# The worst vectors of each level of an equivalence set, as values of the metrics named in the key.
_WORST_1 = {0: ("NNN",), 1: ("ANN", "NLN", "NNP"), 2: ("PNN", "ALP")}  # AV PR UI
_WORST_2 = {0: ("LN",), 1: ("HN", "LP")}  # AC AT
_WORST_36 = {  # VC VI VA CR IR AR, by EQ3 and EQ6
    (0, 0): ("HHHHHH",),
    (0, 1): ("HHLMMH", "HHHMMM"),
    (1, 0): ("LHHHHH", "HLHHHH"),
    (1, 1): ("LHLHMH", "LHHHMM", "HLHMHM", "HLLMHH", "LLHHHM"),
    (2, 1): ("LLLHHH",),
}
_WORST_4 = {0: ("HSS",), 1: ("HHH",), 2: ("LLL",)}  # SC SI SA
_NAMES_1, _NAMES_2 = ("AV", "PR", "UI"), ("AC", "AT")
_NAMES_36, _NAMES_4 = ("VC", "VI", "VA", "CR", "IR", "AR"), ("SC", "SI", "SA")

# Steps from the worst to the least vector of a level.
_DEPTH_1 = {0: 1, 1: 4, 2: 5}
_DEPTH_2 = {0: 1, 1: 2}
_DEPTH_36 = {(0, 0): 7, (0, 1): 6, (1, 0): 8, (1, 1): 8, (2, 1): 10}
_DEPTH_4 = {0: 6, 1: 5, 2: 4}
_DUST = 1e-6  # lifts sums that lie one floating-point unit below a tie before they are rounded half up


def score(metrics: Mapping[str, str]) -> float:
    """Return the score with every threat and environmental metric given; KeyError on a missing or unknown value."""
    values = _effective(metrics)
    if all(values[name] == "N" for name in (*_NAMES_4, "VC", "VI", "VA")):
        return 0.0
    macro = _macro(values)
    top = macro_score(macro)
    if top is None:
        raise KeyError(macro)
    one, two, threesix, four = _distances(values, macro)
    proportions = (
        (_below(macro, ((1, 0, 0, 0, 0, 0),)), one / _DEPTH_1[macro[0]]),
        (_below(macro, ((0, 1, 0, 0, 0, 0),)), two / _DEPTH_2[macro[1]]),
        (_below(macro, _lower_36(macro)), threesix / _DEPTH_36[macro[2], macro[5]]),
        (_below(macro, ((0, 0, 0, 1, 0, 0),)), four / _DEPTH_4[macro[3]]),
        (_below(macro, ((0, 0, 0, 0, 1, 0),)), 0.0),  # every level of EQ5 is a single value
    )
    drops = [(top - lower) * part for lower, part in proportions if lower is not None]
    mean = sum(drops) / len(drops) if drops else 0.0
    return int((min(max(top - mean, 0.0), 10.0) + _DUST) * 10 + 0.5) / 10


def _effective(metrics: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each metric that counts: modified before base, the worst where nothing was said."""
    values: dict[str, str] = {}
    for name in _BASE:
        modified = metrics.get(f"M{name}", "X")
        base = metrics[name]
        if base not in _STEPS[name] or (base == "S" and name in _NAMES_4):
            raise KeyError(name)
        values[name] = base if modified == "X" else modified
    for name, worst in _WORST_WHEN_OPEN.items():
        given = metrics.get(name, "X")
        values[name] = worst if given == "X" else given
    for name, value in values.items():
        if len(value) != 1 or value not in _STEPS[name]:
            raise KeyError(name)
    return values


def _macro(v: Mapping[str, str]) -> Macro:
    network, free, alone = v["AV"] == "N", v["PR"] == "N", v["UI"] == "N"
    some = (network or free or alone) and v["AV"] != "P"
    eq1 = 0 if network and free and alone else 1 if some else 2
    eq2 = 0 if v["AC"] == "L" and v["AT"] == "N" else 1
    high = {name for name in ("VC", "VI", "VA") if v[name] == "H"}
    eq3 = 0 if {"VC", "VI"} <= high else 1 if high else 2
    beyond = {v["SC"], v["SI"], v["SA"]}
    eq4 = 0 if "S" in beyond else 1 if "H" in beyond else 2
    eq5 = _STEPS["E"].index(v["E"])
    wanted = (("CR", "VC"), ("IR", "VI"), ("AR", "VA"))
    eq6 = 0 if any(v[requirement] == "H" and impact in high for requirement, impact in wanted) else 1
    return eq1, eq2, eq3, eq4, eq5, eq6


def _distances(values: Mapping[str, str], macro: Macro) -> tuple[int, int, int, int]:
    """Return the steps away from the first worst vector that is nowhere less severe than the given one."""
    choices = product(_WORST_1[macro[0]], _WORST_2[macro[1]], _WORST_36[macro[2], macro[5]], _WORST_4[macro[3]])
    names = (_NAMES_1, _NAMES_2, _NAMES_36, _NAMES_4)
    for choice in choices:
        parts = [list(_steps(values, group, worst)) for group, worst in zip(names, choice, strict=True)]
        if all(step >= 0 for part in parts for step in part):
            one, two, threesix, four = (sum(part) for part in parts)
            return one, two, threesix, four
    raise KeyError(macro)


def _steps(values: Mapping[str, str], names: tuple[str, ...], worst: str) -> Iterator[int]:
    for name, value in zip(names, worst, strict=True):
        yield _STEPS[name].index(values[name]) - _STEPS[name].index(value)


def _lower_36(macro: Macro) -> tuple[Macro, ...]:
    """Return the ways down of EQ3 and EQ6, which move together."""
    down3, down6, both = (0, 0, 1, 0, 0, 0), (0, 0, 0, 0, 0, 1), (0, 0, 1, 0, 0, 1)
    ways: dict[tuple[int, int], tuple[Macro, ...]] = {
        (0, 0): (down6, down3),
        (0, 1): (down3,),
        (1, 0): (down6,),
        (1, 1): (down3,),
    }
    return ways.get((macro[2], macro[5]), (both,))


def _below(macro: Macro, ways: tuple[Macro, ...]) -> float | None:
    """Return the highest score among the next lower MacroVectors, None when there is none."""
    scores = []
    for way in ways:
        eq1, eq2, eq3, eq4, eq5, eq6 = (level + step for level, step in zip(macro, way, strict=True))
        found = macro_score((eq1, eq2, eq3, eq4, eq5, eq6))
        if found is not None:
            scores.append(found)
    return max(scores, default=None)
