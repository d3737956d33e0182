"""Tidewaiter follows an application from commit to cluster: facts, policies, one verdict.

The package itself imports nothing, so that `tidewaiter.core` stays as pure as its contracts say.
"""

from typing import Final

__version__: Final = "0.1.0"
"""The version of the distribution; a test holds it equal to `pyproject.toml`."""
