"""What an installation wants to be told of: references whose tags are looked at."""

import msgspec


class WatchOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """The key `watch` of `.tidewaiter.yaml`."""

    images: tuple[str, ...] = ()
    """References; `REPOSITORY:PATTERN` with `*` or `?` means every tag of the repository that fits."""
