"""The check of a tree, and of images with it."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tidewaiter.adapters.files import read_tree
from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.core.configuration import (
    Configuration,
    ConfigurationError,
    unknown_policies,
)
from tidewaiter.core.report import Report
from tidewaiter.gates.build.check import check
from tidewaiter.gates.build.request import CheckRequest
from tidewaiter.gates.build.tools import ImageInput
from tidewaiter.ports.workspace import WorkspaceError
from tidewaiter.wiring.configuration import read_accepted, read_configuration
from tidewaiter.wiring.images import PREFIXES, ImageOptions, registry_options
from tidewaiter.wiring.policies import broken_names, load_own_policies, load_policies, policy_names
from tidewaiter.wiring.settings import Progress, Settings
from tidewaiter.wiring.tools import open_tools


class CheckOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks of `check`, `explain` and `fix`."""

    path: str = "."
    images: tuple[str, ...] = ()
    """`NAME=PATH`, or `PATH` to take the archive's own tags."""
    fail_on: tuple[str, ...] = ()
    environment: str = ""
    accept_current: bool = False
    policies: tuple[str, ...] = ()
    only_policies: bool = False
    """Judge by `policies` alone: neither the built-in policies nor those of the configuration."""
    database: str = ""
    vex: tuple[str, ...] = ()
    """Files and folders of VEX documents and ignore files, besides those of the configuration."""


def run_check(options: CheckOptions, *, settings: Settings, progress: Progress) -> Report:
    """Check a tree; raises the error families of the ports and `ConfigurationError`, all with `advice`."""
    workspace = DiskWorkspace()
    root = Path(options.path)
    base = root if root.is_dir() else root.parent
    configuration = read_configuration(workspace, base, settings)
    files = read_tree(root, ignore=configuration.ignore)
    if options.only_policies:
        policies, unknowns = load_own_policies(options.policies, fail_on=options.fail_on)
    else:
        policies, unknowns = load_policies(
            [str(base / folder) for folder in configuration.policy_dirs] + list(options.policies),
            fail_on=options.fail_on,
        )
    wrong = unknown_policies(configuration, {*policy_names(policies), *broken_names(policies)})
    if wrong and not options.only_policies:
        raise ConfigurationError(wrong)
    accepted, refused = read_accepted(workspace, base)
    request = CheckRequest(
        root=options.path,
        images=tuple(_images(options.images, configuration, base)),
        configuration=configuration,
        environment=options.environment or configuration.environment,
        accepted=accepted,
        accept_current=options.accept_current,
        unknowns=(*unknowns, *refused),
    )
    images = ImageOptions(registries=registry_options(configuration.registries, base, settings.environ))
    statements = [*(str(base / path) for path in configuration.vex), *options.vex]
    with open_tools(settings, options.database, progress, images=images, vex=statements) as tools:
        return check(request, files=files, policies=policies, tools=tools)


def _images(given: Sequence[str], configuration: Configuration, base: Path) -> Iterator[ImageInput]:
    """Join `--image` with `images` of the configuration; the option wins, a Dockerfile stays bound to its name."""
    known = dict(configuration.images)
    for text in given:
        name, path = split_image(text)
        bound = known.pop(name, None)
        yield ImageInput(
            reference=path,
            name=name,
            dockerfile=bound.dockerfile if bound else "",
            target=bound.target if bound else "",
        )
    for name, image in known.items():
        yield ImageInput(
            reference=_archive(base / image.archive) if image.archive else "",
            name=name,
            dockerfile=image.dockerfile,
            target=image.target,
            required=False,
        )


def _archive(path: Path) -> str:
    """Return the reference of an archive that may not be there: then it is not looked for elsewhere either."""
    return str(path) if os.path.lexists(path) else f"archive:{path}"


def split_image(text: str) -> tuple[str, str]:
    """Return name and path of `NAME=PATH`; the name is empty for a bare path, even one that contains `=`."""
    name, equals, path = text.partition("=")
    if not equals or name.startswith(("/", ".", *PREFIXES)) or (not path and not Path(text).exists()):
        if equals and not path:
            raise WorkspaceError(f"--image {text}: no path after `=`", "write --image NAME=PATH")
        return "", text
    return name, path
