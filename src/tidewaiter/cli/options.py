"""Options that `check`, `explain` and `fix` share."""

import os
from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from tidewaiter import wiring
from tidewaiter.cli.output import progress
from tidewaiter.core.report import Report


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Judging:
    """How a tree is judged."""

    image: Annotated[tuple[str, ...], Parameter(name="--image", negative="", show_default=False)] = ()
    """NAME=PATH binds an archive to an image name of the manifests; repeatable."""

    fail_on: Annotated[tuple[str, ...], Parameter(name="--fail-on", negative="", show_default=False)] = ()
    """Fail on vulnerabilities that meet every word: high,fixable; repeatable."""

    environment: Annotated[str, Parameter(name="--environment", show_default=False)] = ""
    """`production` makes the run incomplete when a question stays open."""

    policies: Annotated[tuple[str, ...], Parameter(name="--policies", negative="", show_default=False)] = ()
    """Folder or file with policies of your own; repeatable."""

    vex: Annotated[tuple[str, ...], Parameter(name="--vex", negative="", show_default=False)] = ()
    """VEX document, ignore file of another scanner, or a folder of them; repeatable."""

    db: Annotated[str, Parameter(name="--db", show_default=False)] = ""
    """File with advisory data instead of the default one."""


def judge(path: str, judging: Judging, *, accept_current: bool = False, store: bool = False) -> Report:
    """Run the check that these options ask for, with progress on a terminal; `store` keeps the images it sees."""
    options = wiring.CheckOptions(
        path=path,
        images=judging.image,
        fail_on=judging.fail_on,
        environment=judging.environment,
        accept_current=accept_current,
        policies=judging.policies,
        database=judging.db,
        vex=judging.vex,
    )
    environ = os.environ if store else os.environ | {"TIDEWAITER_NO_STORE": "1"}
    with progress() as shown:
        return wiring.run_check(options, settings=wiring.read_settings(environ), progress=shown)
