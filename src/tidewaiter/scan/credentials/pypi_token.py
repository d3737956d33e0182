"""PyPI tokens: a macaroon whose first caveat names pypi.org or test.pypi.org (pypi.org/help: apitoken)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="pypi-token",
    title="PyPI upload token",
    tags=frozenset({"vendor", "registry"}),
    keywords=(b"pypi-AgEIcHlwaS5vcmc", b"pypi-AgENdGVzdC5weXBpLm9yZw"),
    pattern=LazyPattern(
        rb"(?<![A-Za-z0-9_-])(?P<token>pypi-(?:AgEIcHlwaS5vcmc|AgENdGVzdC5weXBpLm9yZw)[A-Za-z0-9_-]{50,1000})"
    ),
    before=1,
    after=1100,
)
