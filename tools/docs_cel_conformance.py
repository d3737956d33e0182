"""Writes docs/cel-conformance.md: how our CEL engine does on the cases of the CEL specification.

Run: `.venv/bin/python tools/docs_cel_conformance.py [path of simple.jsonl]`; without a path the shared corpora are used.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import cel_spec  # noqa: E402 - the path is set above
from shared import SHARED  # noqa: E402

PAGE = ROOT / "docs" / "cel-conformance.md"

# A case that fails on purpose or by a fault of the case, with the reason. A failing case without one is a defect.
REASONS = {
    (
        "network_ext",
        "ipv4",
        "ipv4_equals_ipv6",
    ): "Kubernetes refuses IPv4 addresses mapped into IPv6 in any spelling; so do we",
    (
        "network_ext",
        "ipv4",
        "ipv4_not_equals_ipv6",
    ): "Kubernetes refuses IPv4 addresses mapped into IPv6 in any spelling; so do we",
    (
        "parse",
        "bytes_literals",
        "triple_single_quoted_unescaped_punctuation",
    ): "the case expects a backslash that its expression does not have",
    (
        "parse",
        "bytes_literals",
        "triple_double_quoted_unescaped_punctuation",
    ): "the case expects a backslash that its expression does not have",
}


def page(report: cel_spec.Report) -> str:
    """Return the page of a report."""
    cases, passed = report.cases.total(), report.passed.total()
    lines = [
        "# Conformance of the CEL engine",
        "",
        "Written by `tools/docs_cel_conformance.py` from the conformance cases of the CEL specification; a test fails when it is stale.",
        "Cases that need protobuf messages and cases that only run the type checker are left out.",
        "",
        f"**{passed} of {cases} cases pass ({100 * passed / cases:.2f} %).**",
        "",
        "| File | Section | Cases | Passed |",
        "|---|---|---:|---:|",
    ]
    lines += [
        f"| {file} | {section} | {report.cases[file, section]} | {report.passed[file, section]} |"
        for file, section in report.cases
    ]
    lines += [
        "",
        "## Cases that do not pass",
        "",
        "| File / section / name | Expression | Outcome | Why |",
        "|---|---|---|---|",
    ]
    for case in report.failing:
        why = REASONS.get((case.file, case.section, case.name), "a defect of ours")
        lines.append(
            f"| {case.file} / {case.section} / {case.name} | {_code(case.expression)} | {_cell(case.reason)} | {why} |"
        )
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    return f"{fence} {text.replace('|', chr(92) + '|')} {fence}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'")


def main() -> None:
    """Write the page."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "corpora" / "cel-spec" / "simple.jsonl"
    if not source.is_file():
        print(f"{PAGE.relative_to(ROOT)} stays as it is: there is no {source} (set TIDEWAITER_SHARED to its folder)")
        return
    PAGE.write_text(page(cel_spec.run(source)), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
