"""The words of `--format`; a test holds them equal to the renderers that say they can tell such reports."""

from typing import Annotated, Literal

from cyclopts import Parameter

_NAME = Parameter(name="--format")
ScanFormat = Annotated[
    Literal[
        "table",
        "json",
        "sarif",
        "gitlab",
        "markdown",
        "html",
        "csv",
        "cyclonedx",
        "spdx",
        "openvex",
        "csaf",
        "cyclonedx-vex",
    ],
    _NAME,
]
CheckFormat = Annotated[Literal["table", "json", "sarif", "junit", "gitlab", "markdown", "html", "csv"], _NAME]
