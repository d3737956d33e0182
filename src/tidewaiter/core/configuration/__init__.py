"""`.tidewaiter.yaml`: what an installation says about its own repository (decision 3b)."""

from tidewaiter.core.configuration.decode import decode_configuration
from tidewaiter.core.configuration.document import (
    FILE_NAME,
    Configuration,
    ConfigurationError,
    ConfiguredImage,
    unknown_policies,
)
from tidewaiter.core.configuration.watch import WatchOptions
from tidewaiter.core.registry_options import RegistryOptions

__all__ = [
    "FILE_NAME",
    "Configuration",
    "ConfigurationError",
    "ConfiguredImage",
    "RegistryOptions",
    "WatchOptions",
    "decode_configuration",
    "unknown_policies",
]
