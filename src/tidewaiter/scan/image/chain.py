"""ChainIDs: the identity of a stack of layers (OCI image-spec: config.md, Layer ChainID)."""

import hashlib
from collections.abc import Sequence


def chain_ids(diff_ids: Sequence[str]) -> tuple[str, ...]:
    """Return the ChainID of every prefix of the layers, bottom first; `diff_ids` are written `sha256:<hex>`.

    The first equals its DiffID, each further one is the digest of `<ChainID below> <DiffID>`.
    """
    chain: list[str] = []
    for diff_id in diff_ids:
        if not chain:
            chain.append(diff_id)
        else:
            joined = f"{chain[-1]} {diff_id}".encode("utf-8", "surrogateescape")
            chain.append(f"sha256:{hashlib.sha256(joined).hexdigest()}")
    return tuple(chain)
