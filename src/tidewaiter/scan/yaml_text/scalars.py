"""Plain scalars as Kubernetes resolves them (kubernetes-sigs/yaml: goyaml.v2/resolve.go, then conversion to JSON).

Kept from YAML 1.1: `y yes on` and `n no off` are booleans, `010` is 8, `0b1` and `0x1F` are numbers, `_` may group
digits. Not kept: base 60 (`1:30` is text) and timestamps (`2001-01-01` is text). `0o17` is 15 and `1e3` is 1000, as
in Go. Whole floats become integers because their JSON is the same (`1.0` is written `1`). `.inf` and `.nan`, which
JSON cannot hold and Kubernetes refuses, stay text.
"""

import re
from typing import Any

WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
LEADING = frozenset("+-.0123456789")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 400
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1
_STR = "tag:yaml.org,2002:str"
_NUMBER_TAGS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})
_TYPED = frozenset({"tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", *_NUMBER_TAGS})


def resolve_plain(text: str) -> Any:
    """Return the bool, int, float, None or text that an unquoted scalar means."""
    if text in WORDS:
        return WORDS[text]
    if text[0] in LEADING:
        return resolve_number(text)
    return text


def resolve_tagged(text: str, tag: str) -> Any:
    """Return the value of a scalar with an explicit tag; tags that Kubernetes does not know leave it text."""
    return resolve_plain(text) if tag in _TYPED else text


def key_text(key: Any) -> str | None:
    """Return a scalar mapping key as the text that JSON has for it, or None for null (which Kubernetes refuses)."""
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int | float):
        return str(key)
    return None


def resolve_number(text: str) -> Any:
    """Return the number that a plain scalar beginning with one of `LEADING` is, or the text itself."""
    if len(text) > _LONGEST_NUMBER:
        return text
    plain = text.replace("_", "") if "_" in text else text
    match = _INTEGER.fullmatch(plain)
    if match is not None:
        sign, hexadecimal, binary, octal, decimal = match.groups()
        size = _digits(hexadecimal, binary, octal, decimal)
        value = -size if sign == "-" else size
        if _SMALLEST <= value <= _LARGEST:
            return value
    if _FLOAT.fullmatch(plain) is None:
        return text
    return _whole(float(plain), text)


def _digits(hexadecimal: str | None, binary: str | None, octal: str | None, decimal: str | None) -> int:
    if decimal is not None:
        return int(decimal)
    if hexadecimal is not None:
        return int(hexadecimal, 16)
    return int(binary, 2) if binary is not None else int(octal or "0", 8)


def _whole(value: float, text: str) -> Any:
    if value in {float("inf"), float("-inf")}:
        return text
    return int(value) if value.is_integer() and _SMALLEST <= value <= 2**63 else value
