"""Words and forms that both kinds of SARIF logs share."""

from typing import Final
from urllib.parse import quote

LEVELS: Final = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "unknown": "warning",
    "low": "note",
    "info": "note",
}
SCORES: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "unknown": "5.5", "low": "2.0", "info": "0.0"}
"""`security-severity` of a rule: code hosts read it as a CVSS figure (9.0, 7.0, 4.0 are their steps)."""


def artifact(name: str, *, in_tree: bool) -> dict[str, str]:
    """Return an artifact location; what lies in an image has no root to which it is relative."""
    uri = quote(name.removeprefix("./").encode("utf-8", "backslashreplace"), safe="/-._~")
    return {"uri": uri, "uriBaseId": "SRCROOT"} if in_tree else {"uri": uri}
