"""Subject `image`: what an image is made of and how it starts; judged once, however many containers run it."""

from typing import TYPE_CHECKING, Any

from tidewaiter.core.finding import SubjectRef
from tidewaiter.core.model.location import Location
from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import ABSENT, Field, Place, Record, Subject, View, unknown
from tidewaiter.core.policy.fields.image_parts import PART_RECORDS
from tidewaiter.core.policy.selector import Traits
from tidewaiter.core.policy.world import moment

if TYPE_CHECKING:
    from tidewaiter.core.model.image import Image, ImageConfig

_SECONDS_PER_DAY = 86_400


def _config(read: Any) -> Any:
    """Compute a field of the image's configuration, which a root filesystem does not have."""

    def compute(view: View) -> Any:
        config: ImageConfig | None = view.fact.config
        if config is None:
            return unknown(
                f"{view.fact.ref} has no image configuration; give the image itself instead of a folder or an SBOM"
            )
        return read(config)

    return compute


def _age_days(view: View) -> Any:
    created = moment(view.fact.config.created) if view.fact.config is not None else None
    if created is None:
        return ABSENT
    return (view.world.timestamp.ns - created.ns) // (_SECONDS_PER_DAY * 1_000_000_000)


def _vulnerabilities(view: View) -> Any:
    return common.vulnerability_views(view.world, view.fact.ref, view)


def _containers(view: View) -> Any:
    pairs = view.world.context.containers_of(view.fact)
    return tuple(
        view.world.view("container", container, view.world.view("workload", workload)) for workload, container in pairs
    )


def _dockerfile(view: View) -> Any:
    found = view.world.context.dockerfile_of(view.fact)
    return ABSENT if found is None else view.world.view("dockerfile", found)


def _instructions(view: View) -> Any:
    found = view.world.context.dockerfile_of(view.fact)
    if found is None:
        return unknown(f"the Dockerfile of {view.fact.ref} is not known; name it under `images` in .tidewaiter.yaml")
    return view.world.view("dockerfile", found)["instructions"]


IMAGE = Record(
    "image",
    "A container image, or a root filesystem.",
    (
        Field("ref", "string", "The name people use.", lambda v: v.fact.ref),
        Field("tags", "list(string)", "Tags that the archive carries.", lambda v: v.fact.tags),
        Field(
            "digest",
            "string",
            "Digest of the manifest, else of the configuration; absent when there is neither.",
            lambda v: v.fact.digest or ABSENT,
        ),
        Field("kind", "string", "`image` or `filesystem`.", lambda v: v.fact.kind),
        Field(
            "base",
            "string",
            "Name of the base image; absent when not known.",
            lambda v: v.fact.base.names[0] if v.fact.base is not None and v.fact.base.names else ABSENT,
        ),
        Field("user", "string", "The configured user as written; empty means root.", _config(lambda c: c.user)),
        Field(
            "uid",
            "int",
            "The user resolved in the image; absent when it cannot be.",
            _config(lambda c: ABSENT if c.uid is None else c.uid),
        ),
        Field(
            "isRoot",
            "bool",
            "True when it starts as uid 0 unless a manifest says otherwise.",
            _config(lambda c: c.is_root),
        ),
        Field(
            "env", "map(string, string)", "Environment variables of the configuration.", _config(lambda c: dict(c.env))
        ),
        Field("labels", "map(string, string)", "Labels of the configuration.", _config(lambda c: dict(c.labels))),
        Field("exposedPorts", "list(string)", "`8080/tcp`.", _config(lambda c: c.exposed_ports)),
        Field("entrypoint", "list(string)", "Entry point as written.", _config(lambda c: c.entrypoint)),
        Field("cmd", "list(string)", "Default arguments.", _config(lambda c: c.cmd)),
        Field("workingDir", "string", "Working directory.", _config(lambda c: c.working_dir)),
        Field(
            "hasHealthcheck", "bool", "True when a health check is configured.", _config(lambda c: c.has_healthcheck)
        ),
        Field(
            "created",
            "timestamp",
            "When it was made; absent when not told.",
            lambda v: ABSENT if v.fact.config is None else moment(v.fact.config.created) or ABSENT,
        ),
        Field("ageDays", "int", "Whole days since it was made; absent when not told.", _age_days),
        Field(
            "os",
            "operatingSystem",
            "The distribution; absent when there is none.",
            lambda v: ABSENT if v.fact.os is None else v.world.part("operatingSystem", v.fact.os, v),
        ),
        Field("layers", "list(layer)", "Layers from the bottom.", lambda v: v.world.views("layer", v.fact.layers, v)),
        Field(
            "packages", "list(package)", "Installed packages.", lambda v: v.world.views("package", v.fact.packages, v)
        ),
        Field(
            "tools",
            "list(tool)",
            "Executables that production images rarely need.",
            lambda v: v.world.views("tool", v.fact.tools, v),
        ),
        Field(
            "files",
            "list(notableFile)",
            "Files with setuid, setgid or a mode that everybody may write.",
            lambda v: v.world.views("notableFile", v.fact.files, v),
        ),
        Field(
            "credentials",
            "list(credential)",
            "Leaked secrets.",
            lambda v: v.world.views("credential", v.fact.credentials, v),
        ),
        Field(
            "vulnerabilities",
            "list(vulnerability)",
            "Known vulnerabilities that are not suppressed; unknown without advisory data.",
            _vulnerabilities,
        ),
        Field("dockerfile", "dockerfile", "The Dockerfile that makes it; absent when none is bound.", _dockerfile),
        Field(
            "instructions",
            "list(instruction)",
            "Instructions of its Dockerfile; unknown when none is bound.",
            _instructions,
        ),
        Field("containers", "list(container)", "Containers of the tree that run it.", _containers),
    ),
    key=lambda v: v.fact.ref,
)

RECORDS = (IMAGE, *PART_RECORDS)


def traits(view: View) -> Traits:
    """Return what selectors see of an image."""
    return Traits(image=view.fact.ref, digest=view.fact.digest or None, name=view.fact.ref)


def place(view: View) -> Place:
    """Return the place of an image as a whole: the final FROM or USER line of its Dockerfile when one is bound."""
    image: Image = view.fact
    whole = Location(image=image.ref)
    dockerfile = view.world.context.dockerfile_of(image)
    if dockerfile is None:
        return Place(location=whole)
    final = [i for i in dockerfile.instructions if i.stage == dockerfile.final_stage]
    users = [i for i in final if i.keyword == "USER"]
    line = users[-1].line if users else final[0].line if final else 1
    return Place(location=Location(file=dockerfile.path, line=line), related=(whole,))


def evidence(view: View) -> tuple[tuple[str, Any], ...]:
    """Return whether a container that runs it is exposed, as far as that is known."""
    return common.exposure(view)


SUBJECT = Subject(
    id="image",
    doc="Judged once per image, not per container that runs it.",
    record="image",
    members=lambda world: world.views("image", world.context.tree.images),
    reference=lambda v: SubjectRef(kind="image", ref=v.fact.ref, image=v.fact.ref),
    traits=traits,
    place=place,
    evidence=evidence,
)
