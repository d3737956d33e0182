"""Writes docs/readers.md: the members of the families that read files; a test holds the page and the families equal."""

from pathlib import Path

from tidewaiter.scan import analyzers, credentials, lockfiles

TARGET = Path(__file__).resolve().parent.parent / "docs" / "readers.md"

MOST = 12
"""Globs of one reader that are listed."""


def page() -> str:
    """Return the page."""
    lines = [
        "# What is read in images and trees",
        "",
        "Written by `tools/docs_readers.py` from the families themselves; a test fails when it is stale.",
        "",
        "## Installed packages",
        "",
        "| analyzer | version | files |",
        "|---|---:|---|",
        *(f"| `{one.id}` | {one.version} | {_files(one.globs, one.magics)} |" for one in analyzers.BUILTIN),
        "",
        "## Lock files",
        "",
        "| reader | version | files | asks beside it for |",
        "|---|---:|---|---|",
        *(
            f"| `{one.id}` | {one.version} | {_files((*sorted(one.names), *one.patterns), ())} "
            f"| {_files(tuple(sorted(one.neighbours)), ())} |"
            for one in lockfiles.BUILTIN
        ),
        "",
        "## Credentials",
        "",
        "A format whose tokens carry a checksum is verified by it; others are reported as suspected.",
        "",
        "Formats without files are found in every text by their own marks.",
        "",
        "| format | what it is | checksum | files |",
        "|---|---|---|---|",
        *(
            f"| `{one.id}` | {one.title} | {'verified' if one.verify else ''} | {_files(one.files, ())} |"
            for one in credentials.BUILTIN
        ),
        "",
    ]
    return "\n".join(lines)


def _files(globs: tuple[str, ...], magics: tuple[bytes, ...]) -> str:
    named = [f"`{glob}`" for glob in globs]
    if len(named) > MOST + 1:
        named = [*named[:MOST], f"{len(named) - MOST} more names"]
    return ", ".join([*named, *(["executables by their first bytes"] if magics else [])])


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"wrote {TARGET.name}")
