"""How GitLab's report is written."""

import json

import pytest

from answers import a_report, an_inventory
from tidewaiter.render import gitlab


@pytest.mark.parametrize("report", [a_report(), an_inventory()])
def test_the_document_is_written_as_one(report):
    """Vulnerabilities are written one by one, and nobody can tell."""
    text = gitlab.render(report)
    assert json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n" == text
