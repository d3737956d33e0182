"""Statements about vulnerabilities in products (VEX), and ignore files: what they mean and which of them apply."""

from tidewaiter.core.vuln.vex.apply import VexUse, apply_vex
from tidewaiter.core.vuln.vex.identity import ImageIdentity, identity_of
from tidewaiter.core.vuln.vex.index import VexIndex
from tidewaiter.core.vuln.vex.statement import Product, VexStatement, VexStatus

__all__ = [
    "ImageIdentity",
    "Product",
    "VexIndex",
    "VexStatement",
    "VexStatus",
    "VexUse",
    "apply_vex",
    "identity_of",
]
