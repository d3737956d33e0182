"""`tidewaiter base`: the base images that scans recognise by their layers."""

import os
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from tidewaiter import wiring
from tidewaiter.cli.output import emit, progress, remark
from tidewaiter.operations.bases import write_list
from tidewaiter.ports.images import ImageError
from tidewaiter.render.table.text import counted

app = App(name="base", help="Keep the index of base images, by which scans tell base layers from own ones.")

USAGE = 2


@app.command(name="add")
def base_add(*images: str, name: Annotated[str, Parameter(name="--name", show_default=False)] = "") -> int:
    """Add images as bases of others.

    Only the configuration of each image is read. From a registry no layer is pulled.

    Parameters
    ----------
    images
        Images as for `tidewaiter scan`: names, archives, layouts.
    name
        The reference under which people know the image, when a single one is given.

    """
    if not images or (name and len(images) > 1):
        raise NothingNamedError
    failed = 0
    for image in images:
        try:
            with progress() as shown:
                found = wiring.add_base(image, name=name, settings=wiring.read_settings(os.environ), progress=shown)
        except ImageError as error:
            failed = USAGE
            remark(f"error: {error.message}")
            remark(f"hint: {error.advice}")
            continue
        emit(f"added {found.name}: {counted(found.layers, 'layer')}, {found.chain_id}\n")
    return failed


@app.command(name="list")
def base_list(
    *,
    format: Annotated[Literal["table", "json"], Parameter(name="--format")] = "table",  # noqa: A002 - the option's name
    output: Annotated[str, Parameter(name="--output", show_default=False)] = "",
) -> int:
    """List the known base images.

    Parameters
    ----------
    format
        Table for people; JSON can be imported elsewhere.
    output
        Write the list to this file.

    """
    known = wiring.base_register(wiring.read_settings(os.environ)).all()
    if format == "json":
        emit(write_list(known).decode(), output=output)
        return 0
    rows = [
        f"{base.name}  {base.layers} layers  built {base.created or 'unknown'}  {base.chain_id}\n" for base in known
    ]
    emit("".join(rows) or "no base images are known; add some with `tidewaiter base add IMAGE…`\n", output=output)
    return 0


@app.command(name="import")
def base_import(*files: str) -> int:
    """Import lists of base images that `tidewaiter base list --format json` wrote.

    Parameters
    ----------
    files
        Files in JSON.

    """
    if not files:
        raise NothingNamedError
    for file in files:
        read, new = wiring.import_bases(Path(file), settings=wiring.read_settings(os.environ))
        emit(f"imported {counted(read, 'base')} of {file}, {new} of them new\n")
    return 0


class NothingNamedError(ValueError):
    """Nothing to add, or one name for many."""

    advice = "name at least one image or file; `--name` goes with a single image"

    def __str__(self) -> str:
        return "it is not clear what to add"
