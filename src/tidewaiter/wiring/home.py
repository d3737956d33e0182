"""The user's own folder, also where there is none."""

import os
import pwd
from collections.abc import Mapping
from pathlib import Path
from typing import Final

NOWHERE: Final = Path("/nonexistent")
"""What Debian's policy manual (9.2.3) gives to users without a folder; whatever is kept there is not kept."""


def home(environ: Mapping[str, str]) -> Path:
    """Return `HOME`, else what the system knows of the user, else `NOWHERE`: containers run as users nobody named."""
    if environ.get("HOME"):
        return Path(environ["HOME"])
    try:
        found = pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return NOWHERE
    return Path(found) if found else NOWHERE
