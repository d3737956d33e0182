"""Writes scan/java/fingerprints.py from published archives: `python tools/java_fingerprints.py FOLDER`.

FOLDER holds one folder per artifact with `versions.txt` (one version a line) and
`<artifact>-<version>.jar`, as any Maven client downloads them.
"""

import sys
import zipfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/tidewaiter/scan/java/fingerprints.py"
EMPTY = '''"""Empty, so that the reader of it can be loaded while it is written."""

TABLE: dict[str, tuple[str, str]] = {}
'''
HEAD = '''"""Versions of famous libraries by their classes; written by `tools/java_fingerprints.py` from published archives."""

from typing import Final

TABLE: Final[dict[str, tuple[str, str]]] = {
'''
TAIL = '''}
"""Artifact -> versions, oldest first; then a line per class: its name and `fingerprint:indices` of versions."""
'''
WIDTH = 108


def main(folder: Path) -> None:
    """Read every archive and write the table."""
    if not TARGET.exists():
        TARGET.write_text(EMPTY, encoding="utf-8")
    from tidewaiter.scan.java.famous import LIBRARIES, Library, fingerprint  # noqa: PLC0415 - needs the file above

    def marks_of(library: Library, path: Path) -> dict[bytes, str]:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            wanted = {one: (library.root + one).decode() + ".class" for one in library.classes}
            return {
                one: fingerprint(library, library.root, archive.read(name))
                for one, name in wanted.items()
                if name in names
            }

    text = HEAD
    for library in (one for one in LIBRARIES if one.classes):
        home = folder / library.artifact
        written = sorted((home / "versions.txt").read_text().split(), key=age)
        versions = [one for one in written if (home / f"{library.artifact}-{one}.jar").exists()]
        table: dict[bytes, dict[str, list[int]]] = {one: {} for one in library.classes}
        for index, version in enumerate(versions):
            for one, mark in marks_of(library, home / f"{library.artifact}-{version}.jar").items():
                if mark:
                    table[one].setdefault(mark, []).append(index)
        lines = [
            f"{one.decode()} " + " ".join(f"{k}:{spans(v)}" for k, v in marks.items()) for one, marks in table.items()
        ]
        text += (
            f'    "{library.artifact}": (\n{literal(" ".join(versions))},\n{literal(chr(10).join(lines))},\n    ),\n'
        )
    TARGET.write_text(text + TAIL, encoding="utf-8")
    print(f"wrote {TARGET.name}, {len(text)} bytes")


def age(version: str) -> tuple[list[int], bool, str]:
    """Return a key that orders these artifacts' versions: numbers, then a release behind its `-rc1`."""
    numbers, dash, rest = version.partition("-")
    parts = [int(part) if part.isdecimal() else 0 for part in numbers.split(".")]
    return parts + [0] * (4 - len(parts)), not dash, rest


def spans(numbers: list[int]) -> str:
    """Return `0-3,7` for 0, 1, 2, 3, 7."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def literal(text: str) -> str:
    """Return a Python literal over several lines."""
    pieces = [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]
    body = "\n".join('        "' + piece.replace("\n", "\\n") + '"' for piece in pieces)
    return f"        (\n{body}\n        )" if len(pieces) > 1 else body


if __name__ == "__main__":
    main(Path(sys.argv[1]))
