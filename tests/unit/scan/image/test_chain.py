"""ChainIDs against the formula of the OCI image specification."""

import hashlib

from tidewaiter.scan.image.chain import chain_ids

A, B, C = (f"sha256:{hashlib.sha256(text).hexdigest()}" for text in (b"a", b"b", b"c"))


def test_nothing_has_no_chain():
    """An image without layers has no ChainID."""
    assert chain_ids([]) == ()


def test_every_prefix_has_its_chain_id():
    """The first equals its DiffID; each further one hashes the one below, a blank and the DiffID."""
    second = "sha256:" + hashlib.sha256(f"{A} {B}".encode()).hexdigest()
    third = "sha256:" + hashlib.sha256(f"{second} {C}".encode()).hexdigest()
    assert chain_ids([A, B, C]) == (A, second, third)
