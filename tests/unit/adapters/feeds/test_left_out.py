"""Why documents beside advisories bring nothing."""

import pytest

from tidewaiter.adapters.feeds.left_out import why_left_out


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b'<?xml version="1.0"?>\n<rss version="2.0">', "news feed"),
        (b"<repomd xmlns='x'>", "index of a repository"),
        (b"<!DOCTYPE html><html>", "page for people"),
        (b"---\ndocument: modulemd\n", "list of modules"),
        (b"CVE-2023-5088 (A bug in QEMU ...)\n\t- qemu 1\n", "data.json"),
        (b'"2023/cve-2023-6240.json","2024-08-04T10:17:22+00:00"\n', "index of other documents"),
        (b"csaf_vex_2024-08-04.tar.zst\n", "index of other documents"),
        (b'{"@context": "https://openvex.dev/ns/v0.2.0"}', "--vex"),
        (b"", ""),
        (b"hello", ""),
        (b'{"id": 1}', ""),
    ],
)
def test_reasons(head, word):
    """Known neighbours of advisories have a reason, everything else has none."""
    assert word in why_left_out(head)
    assert bool(word) == bool(why_left_out(head))
