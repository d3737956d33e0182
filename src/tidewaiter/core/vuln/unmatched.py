"""Tells what was not matched although advisory data exists: foreign publishers, versions that a grammar refuses."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.vuln.cpe import Cpe
from tidewaiter.core.vuln.ecosystems import compared_version, is_unversioned
from tidewaiter.core.vuln.judge import Verdict
from tidewaiter.core.vuln.origin import Origin, publisher_of

_NAMED = 5
_ADVICE = "ask its publisher for advisories, or take the distribution's own package"


def unmatched_publishers(packages: Iterable[tuple[Package, Origin, str]]) -> Iterator[Unknown]:
    """Yield one Unknown per publisher outside the distribution, and one for sources that no data mentions.

    They are not incomplete input: the packages were read, only nobody publishes advisories for them.
    """
    foreign: dict[str, set[str]] = {}
    unclear: set[str] = set()
    for package, origin, ecosystem in packages:
        if origin == "third-party":
            foreign.setdefault(publisher_of(package, ecosystem), set()).add(package.name)
        elif origin == "unclear":
            unclear.add(package.name)
    for publisher in sorted(foreign):
        reason = f"no advisory source: published by {publisher}, not by the distribution"
        yield Unknown(subject=_names(foreign[publisher]), reason=reason, advice=_ADVICE, incomplete=False)
    if unclear:
        reason = (
            "no advisory source: the distribution's data mentions none of them and their maintainers are not its own"
        )
        yield Unknown(subject=_names(unclear), reason=reason, advice=_ADVICE, incomplete=False)


def unversioned(packages: Iterable[Package]) -> Iterator[Unknown]:
    """Yield one Unknown that names the Go programs without a version of their own; what they are made of is matched."""
    names = {package.name for package in packages if is_unversioned(package)}
    if names:
        reason = "built without a version of their own, advisories about them cannot be compared"
        advice = "build from a tag, or set the version with -ldflags"
        yield Unknown(subject=_names(names), reason=reason, advice=advice, incomplete=False)


def without_group(packages: Iterable[Package]) -> Iterator[Unknown]:
    """Yield one Unknown that names the Java archives whose group nothing tells; advisories name `group:artifact`."""
    names = {package.name for package in packages if package.type == "maven" and ":" not in package.name}
    if names:
        reason = "Java archives that do not tell their group, so advisories about them cannot be found"
        advice = "build them with their pom.properties, or look them up by hand"
        yield Unknown(subject=_names(names), reason=reason, advice=advice, incomplete=False)


def refused_versions(packages: Iterable[tuple[Package, Sequence[Verdict]]]) -> Iterator[Unknown]:
    """Yield one Unknown per package whose version, or per advisory whose bound, its ecosystem's grammar refuses."""
    for package, verdicts in packages:
        for why, subject, reason, incomplete in (
            ("refused version", "version", "is not a version of its ecosystem", True),
            ("refused bound", "version", "cannot be compared with the bounds of the advisory", False),
            ("no module", "version", "was built in a module whose stream is not told", True),
        ):
            ids = [v.ids[0] for v in verdicts if not v.status.is_vulnerable and v.judgements[0].why == why]
            if ids:
                text = f"{subject} `{compared_version(package)}` {reason}, not compared: {_names(ids)}"
                yield Unknown(
                    subject=f"{package.type} {package.name} {package.version}",
                    reason=text,
                    location=package.location,
                    incomplete=incomplete,
                )


def extended_alone(system: OperatingSystem | None, enabled: Collection[Cpe]) -> Iterator[Unknown]:
    """Yield one Unknown where only repositories of extended updates are enabled, whose rows know fixes alone.

    Red Hat lists what is still open under the release itself, and rows of another product are not heard.
    """
    if system is None or not enabled or any(one.product == "enterprise_linux" for one in enabled):
        return
    names = sorted({f"{one.product}:{one.version}" for one in enabled})
    reason = f"only {', '.join(names[:_NAMED])} enabled: defects that Red Hat has not fixed there are not in its rows"
    advice = "look at the same packages with the repositories of the release"
    yield Unknown(subject=f"Red Hat:{system.version_id}", reason=reason, advice=advice, incomplete=False)


def _names(names: Iterable[str]) -> str:
    ordered = sorted(names)
    rest = len(ordered) - _NAMED
    return ", ".join(ordered[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
