"""The bounds of one image scan; every bound that is hit becomes an Unknown and leaves the scan incomplete."""

from typing import Final

import msgspec

MiB: Final = 1 << 20
GiB: Final = 1 << 30


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds against hostile input; sizes in bytes."""

    layer_bytes: int = 20 * GiB
    """Uncompressed bytes of one layer."""
    image_bytes: int = 50 * GiB
    """Uncompressed bytes of all layers together."""
    ratio: int = 200
    """Largest uncompressed : compressed ratio once `ratio_after` bytes have come out."""
    ratio_after: int = 100 * MiB
    members: int = 5_000_000
    """Tar members of one layer."""
    path_length: int = 4096
    link_depth: int = 6
    header_bytes: int = MiB
    """Size of one pax or GNU long name header."""
    system_bytes: int = MiB
    """Size of one small system file such as etc/passwd."""
    waiting_bytes: int = 256 * MiB
    """Databases that wait for a file beside them until the layer's end, and those files; one layer."""
    search_head: int = 8 * MiB
    """A longer text file is searched for credentials in its first and last bytes only."""
    search_tail: int = 2 * MiB
    notable_files: int = 10_000
    """Files with setuid, setgid or write permission for all that are told."""
    credentials: int = 10_000
    """Credentials that are told."""
    layers: int = 1_000
