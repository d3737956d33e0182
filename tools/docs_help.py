"""Writes each command's `--help` between its markers in docs/; a test holds them equal."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARKED = re.compile(r"<!-- help:([a-z ]+) -->\n.*?<!-- /help -->", re.DOTALL)


def help_of(command: str) -> str:
    """Return the help of a command, 100 columns wide, without blanks at the ends of lines."""
    env = {**os.environ, "COLUMNS": "100", "PYTHONPATH": str(ROOT / "src")}
    arguments = [sys.executable, "-m", "tidewaiter", *command.split(), "--help"]
    text = subprocess.run(arguments, env=env, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def filled(page: str) -> str:
    """Return a page with every marked part filled."""
    return MARKED.sub(lambda found: f"<!-- help:{found[1]} -->\n```\n{help_of(found[1])}\n```\n<!-- /help -->", page)


if __name__ == "__main__":
    for path in sorted((ROOT / "docs").glob("*.md")):
        text = path.read_text()
        if MARKED.search(text):
            path.write_text(filled(text))
            print(path.name)
