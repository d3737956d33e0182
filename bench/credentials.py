"""Searches all texts below some folders for credentials: speed, hits per format, and which patterns cost most.

Run: `.venv/bin/python bench/credentials.py [--show] [FOLDER]...`; without folders those of the running Python and of
the system's documentation. Prints bytes per second beside the bare pass of the keywords; asserts nothing.
"""

import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ahocorasick_rs import BytesAhoCorasick, Implementation

from tidewaiter.scan.credential_search import CredentialSearch
from tidewaiter.scan.credentials import BUILTIN

LARGEST = 10 << 20
AT_MOST = 200 << 20


def texts(folders: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of files without a NUL at their start, in the order of their paths."""
    total = 0
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file() or not 0 < path.stat().st_size <= LARGEST:
                continue
            data = path.read_bytes()
            if b"\0" in data[:8192]:
                continue
            total += len(data)
            yield str(path), data
            if total > AT_MOST:
                return


def main(arguments: list[str]) -> None:
    """Search and print."""
    show = "--show" in arguments
    folders = [Path(one) for one in arguments if one != "--show"]
    folders = folders or [Path(sysconfig.get_path("purelib")), Path("/usr/share/doc")]
    found = list(texts(folders))
    size = sum(len(data) for _, data in found)
    keywords = sorted({keyword for one in BUILTIN for keyword in one.keywords})
    bare = BytesAhoCorasick(keywords, implementation=Implementation.DFA)
    start = time.perf_counter()
    hits = sum(len(bare.find_matches_as_indexes(data, overlapping=True)) for _, data in found)
    passed = time.perf_counter() - start
    search = CredentialSearch(BUILTIN)
    rules: Counter[str] = Counter()
    start = time.perf_counter()
    for path, data in found:
        for token in search.search(data, path):
            rules[token.rule] += 1
            if show:
                print(f"  {token.rule} {path}:{token.line} {token.redacted}")
    searched = time.perf_counter() - start
    print(f"{len(BUILTIN)} formats, {len(keywords)} keywords, {len(found)} files, {size / 1e6:.1f} MB")
    print(f"keywords alone {size / passed / 1e6:.0f} MB/s ({hits} hits), search {size / searched / 1e6:.0f} MB/s")
    print(f"{sum(rules.values())} credentials: {dict(rules.most_common())}")


if __name__ == "__main__":
    main(sys.argv[1:])
