"""The credential formats that are searched for, in the order of the report."""

from typing import Final

from tidewaiter.scan.credentials import github
from tidewaiter.scan.token_format import TokenFormat

BUILTIN: Final[tuple[TokenFormat, ...]] = (*github.FORMATS,)
