"""Markdown and HTML: what people read, and what hostile text cannot do there."""

from html.parser import HTMLParser

import pytest

from answers import a_finding, a_report, an_inventory
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.render import html, markdown

SCRIPT = "<script>alert(1)</script>"


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        """Keep the tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        """Keep the text."""
        self.words.append(data)


def read(page):
    """Return tags, attributes and text of a page."""
    reader = Reader()
    reader.feed(page)
    return reader.tags, reader.attributes, " ".join(" ".join(reader.words).split())


def test_html_of_a_scan_shows_layers_split_and_fixes():
    """A person finds what to upgrade, which part brought it, and every layer's packages."""
    tags, attributes, words = read(html.render(an_inventory()))
    assert {"table", "details", "summary"} <= set(tags)
    assert not {"script", "img", "link", "iframe"} & set(tags)
    assert not {name for name, _ in attributes} & {"href", "src", "onclick", "onerror"}
    for text in ("in the base image", "its own", "2.15.0", "CVE-2021-44228", "Layer 1 (own): 1 packages, 1 vulnerabilities",
                 "BOOT-INF/lib/log4j-core.jar", "deleted later, but still in every pull", "kernel-headers", "built on debian:12"):  # fmt: skip
        assert text in words, text


def test_html_of_a_check_shows_groups_and_owners():
    """A person finds the sentence, the finding, its place and its fix."""
    report = a_report(
        [a_finding(), a_finding(key="x", exception="ticket-1")], [Unknown(subject="layer 3", reason="cut off")]
    )
    _, _, words = read(html.render(report))
    for text in (
        "Container web runs privileged",
        "deploy/web.yaml:23:9",
        "fails the gate",
        "ticket-1",
        "layer 3",
        "no owner",
    ):
        assert text in words, text


@pytest.mark.parametrize(
    "report", [an_inventory(SCRIPT), a_report([a_finding(message=SCRIPT)], [Unknown(subject=SCRIPT, reason=SCRIPT)])],
    ids=["scan", "check"],
)  # fmt: skip
def test_html_shows_markup_as_text(report):
    """No text of an image or a manifest becomes markup."""
    tags, _, words = read(html.render(report))
    assert "script" not in tags
    assert SCRIPT in words


def test_markdown_of_a_scan_has_a_table_of_upgrades():
    """The most urgent upgrade stands first."""
    text = markdown.render(an_inventory())
    rows = [line for line in text.splitlines() if line.startswith("| critical")]
    assert 1 == len(rows)
    assert "`org.apache.logging.log4j:log4j-core`" in rows[0]
    assert "`2.15.0`" in rows[0]
    assert text.index("| critical") < text.index("| high")
    assert "In the base image" in text


@pytest.mark.parametrize(
    "text", [SCRIPT, "[x](http://evil)", "![x](http://evil)", "a|b", "`code`", "@team", "#1 *b* _i_", "http://evil"]
)
def test_markdown_shows_markup_as_text(text):
    """Links, images, mentions, HTML and table borders in a message stay words."""
    page = markdown.render(a_report([a_finding(message=text, title=text)], [Unknown(subject=text, reason=text)]))
    assert not {mark for mark in ("<script>", "](", "://", " @team", "| #1", " *b*") if mark in page}
    cells = {line.count(" | ") for line in page.splitlines() if line.startswith("| ")}
    assert 1 == len(cells)
