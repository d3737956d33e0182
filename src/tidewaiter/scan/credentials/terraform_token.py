"""HCP Terraform and Terraform Enterprise tokens (developer.hashicorp.com: terraform/cloud-docs, API tokens)."""

from typing import Final

from tidewaiter.scan.lazy_pattern import LazyPattern
from tidewaiter.scan.token_format import TokenFormat

FORMAT: Final = TokenFormat(
    id="terraform-token",
    title="HCP Terraform token",
    tags=frozenset({"vendor", "infrastructure"}),
    keywords=(b".atlasv1.",),
    pattern=LazyPattern(rb"(?<![A-Za-z0-9])(?P<token>[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,80})(?![A-Za-z0-9_-])"),
    before=16,
    after=256,
)
