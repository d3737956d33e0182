"""Writes the table of supported releases into docs/systems.md; a test holds page and table equal."""

from pathlib import Path

from tidewaiter.core.vuln.support_table import SOURCES, UNCONFIRMED, shipped

TARGET = Path(__file__).resolve().parent.parent / "docs" / "systems.md"
BEGIN, END = "<!-- support -->\n", "<!-- /support -->\n"


def table() -> str:
    """Return the table, by product and release."""
    lines = ["| product | release | last day | by subscription | where the vendor tells |", "|---|---|---|---|---|"]
    for one in shipped():
        open_ = UNCONFIRMED.get(one.product, frozenset())
        ends = f"{one.ends} ?" if one.release in open_ else one.ends
        extended = f"{one.extended} ?" if f"{one.release} extended" in open_ else one.extended
        lines.append(f"| {one.product} | {one.release} | {ends} | {extended} | {SOURCES[one.product]} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """Return the page with the table of today."""
    text = TARGET.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"wrote {TARGET.name}")
