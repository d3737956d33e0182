"""The only composition root: settings and adapters become what the use cases work with."""

from tidewaiter.wiring.bases import add_base, base_register, import_bases
from tidewaiter.wiring.check import CheckOptions, run_check
from tidewaiter.wiring.database import run_import
from tidewaiter.wiring.policies import builtin_sources, load_policies, policy_text
from tidewaiter.wiring.scan import run_scan
from tidewaiter.wiring.settings import ACCEPTED_FILE, Settings, read_settings

__all__ = [
    "ACCEPTED_FILE",
    "CheckOptions",
    "Settings",
    "add_base",
    "base_register",
    "builtin_sources",
    "import_bases",
    "load_policies",
    "policy_text",
    "read_settings",
    "run_check",
    "run_import",
    "run_scan",
]
