"""The only composition root: settings and adapters become what the use cases work with.

A use case is imported when it is first asked for, because each brings adapters that the others do without: a scan
needs neither signatures nor feeds nor an HTTP client.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tidewaiter.wiring.bases import add_base, base_register, import_bases
    from tidewaiter.wiring.check import CheckOptions, run_check
    from tidewaiter.wiring.configuration import ACCEPTED_FILE
    from tidewaiter.wiring.database import run_build, run_import
    from tidewaiter.wiring.database_files import (
        is_database,
        run_difference,
        run_export,
        run_install,
        run_new_key,
        run_rollback,
        run_sign,
        run_verify,
    )
    from tidewaiter.wiring.database_update import UpdateOptions, run_update
    from tidewaiter.wiring.explain import run_explain
    from tidewaiter.wiring.policies import builtin_sources, load_policies, policy_text
    from tidewaiter.wiring.scan import run_scan
    from tidewaiter.wiring.settings import Settings, read_settings

__all__ = [
    "ACCEPTED_FILE",
    "CheckOptions",
    "Settings",
    "UpdateOptions",
    "add_base",
    "base_register",
    "builtin_sources",
    "import_bases",
    "is_database",
    "load_policies",
    "policy_text",
    "read_settings",
    "run_build",
    "run_check",
    "run_difference",
    "run_explain",
    "run_export",
    "run_import",
    "run_install",
    "run_new_key",
    "run_rollback",
    "run_scan",
    "run_sign",
    "run_update",
    "run_verify",
]

_PLACES: Final = {
    "bases": "add_base base_register import_bases",
    "check": "CheckOptions run_check",
    "configuration": "ACCEPTED_FILE",
    "database": "run_build run_import",
    "database_files": "is_database run_difference run_export run_install run_new_key run_rollback run_sign run_verify",
    "database_update": "UpdateOptions run_update",
    "explain": "run_explain",
    "policies": "builtin_sources load_policies policy_text",
    "scan": "run_scan",
    "settings": "Settings read_settings",
}
"""Module of this package -> the names that it brings; a test compares them with `__all__`."""


def __getattr__(name: str) -> Any:
    """Import what brings a name (PEP 562); raises AttributeError for any other."""
    for module, names in _PLACES.items():
        if name in names.split():
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
