"""Lets statements about vulnerabilities (VEX, ignore files) speak, and tells what they did and what they did not."""

from collections.abc import Sequence

from tidewaiter.core.model.image import Image
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.vuln.vex import VexStatement, VexUse, apply_vex, identity_of
from tidewaiter.gates.build.tools import Tools

_NAMED = 5


class VexRun:
    """Collects over all images what the statements did."""

    def __init__(self, tools: Tools) -> None:
        """Start with nothing used."""
        self._tools = tools
        self._used: set[str] = set()
        self._expired: dict[int, VexStatement] = {}
        self._offered: list[str] = []

    def apply(
        self, found: Sequence[Vulnerability], packages: Sequence[Package], image: Image | None
    ) -> tuple[Vulnerability, ...]:
        """Return the vulnerabilities of one image, or of lock files, as the statements leave them."""
        statements = self._tools.statements
        if statements is None:
            return tuple(found)
        use: VexUse = apply_vex(
            found, packages=packages, image=image, statements=statements.index, now=self._tools.clock.now()
        )
        self._used.update(use.matched)
        self._expired |= {id(one): one for one in use.expired}
        if image is not None:
            self._offered += [name for name in identity_of(image).offered() if name not in self._offered]
        return use.vulnerabilities

    def unknowns(self) -> tuple[Unknown, ...]:
        """Return what could not be read, and remarks: documents without any match, statements that have ended."""
        statements = self._tools.statements
        if statements is None:
            return ()
        told = list(statements.unknowns)
        idle = [(name, count) for name, count in statements.sources if name not in self._used and count]
        offered = ", ".join(self._offered[:_NAMED]) or "package URLs of its packages only"
        told += [
            Unknown(
                subject=name,
                reason=f"{_idle(count)}; the names of the image are {offered}",
                advice="check the ids; in a VEX document `products` is one of them, or the package URL of the package",
                incomplete=False,
            )
            for name, count in (idle if len(idle) <= _NAMED else ())
        ]
        if len(idle) > _NAMED:
            reason = f"{len(idle)} of {len(statements.sources)} documents match nothing in this scan"
            told.append(Unknown(subject="statements about vulnerabilities", reason=reason, incomplete=False))
        told += [
            Unknown(
                subject=one.source or one.author,
                reason=f"the statement about {one.ids[0]} ended on {one.expires} and closes nothing",
                advice="renew it or remove it",
                incomplete=False,
            )
            for one in self._expired.values()
        ]
        return tuple(told)


def _idle(count: int) -> str:
    return "its statement matches nothing" if count == 1 else f"none of its {count} statements matches"
