"""What an installation says about registries: where to ask, whom to trust."""

from collections.abc import Mapping

import msgspec


class RegistryOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """The key `registries` of `.tidewaiter.yaml`, and the whole of the file that `TIDEWAITER_REGISTRIES` names."""

    allowed: tuple[str, ...] | None = None
    """Registries and repositories that images may come from; None says nothing about it."""
    mirrors: Mapping[str, tuple[str, ...]] = {}
    """Registry as written in names (`docker.io`) -> `HOST[:PORT][/PREFIX]`, asked in this order before it."""
    ca: str = ""
    """PEM file with certificate authorities that are trusted besides the system's."""
    insecure: tuple[str, ...] = ()
    """`HOST[:PORT]` that may be asked without TLS, or with a certificate that cannot be verified."""
    internal: tuple[str, ...] = ()
    """Hosts on private addresses to which a registry may send for tokens and layers."""
    credentials: str = ""
    """File in the form of Docker's config.json that is asked before the usual ones."""
    foreign_layers: bool = False
    """Whether layers may be fetched from addresses that a manifest names outside its registry."""
