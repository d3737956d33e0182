"""`.tidewaiter.yaml`: what an installation says about its own repository (decision 3b)."""

from tidewaiter.core.configuration.decode import decode_configuration
from tidewaiter.core.configuration.document import (
    FILE_NAME,
    Configuration,
    ConfigurationError,
    ConfiguredImage,
    unknown_policies,
)

__all__ = [
    "FILE_NAME",
    "Configuration",
    "ConfigurationError",
    "ConfiguredImage",
    "decode_configuration",
    "unknown_policies",
]
