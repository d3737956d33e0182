"""Turns facts into the report: evaluate, exempt, name owners, rank."""

from collections.abc import Sequence

import msgspec

from tidewaiter.core.context import Context, Tree
from tidewaiter.core.exception import Use, accept, accept_all, apply
from tidewaiter.core.finding import Finding
from tidewaiter.core.owner import Owners, parse_codeowners
from tidewaiter.core.policy import PolicySet, evaluate
from tidewaiter.core.rank import rank
from tidewaiter.core.report import (
    ExceptionNote,
    Input,
    Note,
    Report,
    ToolFacts,
    build_report,
)
from tidewaiter.gates.build.notes import asides
from tidewaiter.gates.build.request import CheckRequest
from tidewaiter.gates.build.surroundings import TreeSurroundings
from tidewaiter.gates.build.told import advisory_facts, told_time
from tidewaiter.gates.build.tools import Tools

_NOTES_OF_OWNERS = 20


def answer(request: CheckRequest, tree: Tree, codeowners: str, policies: PolicySet, tools: Tools) -> Report:
    """Return the report of a tree."""
    now = tools.clock.now()
    context = Context(tree)
    around = TreeSurroundings(context)
    tools.progress("judging")
    evaluation = evaluate(
        policies,
        context,
        stage="build",
        now=now,
        overrides=request.configuration.overrides(),
        environment=request.environment,
    )
    outcome = apply(
        request.configuration.exceptions, evaluation.findings, gate="build", now=now, traits_of=around.traits_of
    )
    findings, stale = accept(outcome.findings, request.accepted)
    if request.accept_current:
        findings, stale = accept_all(findings), ()
    owned = _owned(findings, tree, codeowners, around, request)
    notes = [
        Note(subject=f"accepted {line.policy}", text=f"{line.subject} no longer has it; accept again to drop the line")
        for line in stale
    ]
    return build_report(
        tool=ToolFacts(version=tools.version, advisories=advisory_facts(tree.coverage)),
        inputs=_inputs(request, tree),
        findings=owned,
        groups=rank(owned),
        unknowns=(
            *request.unknowns,
            *request.configuration.unknowns,
            *tree.unknowns,
            *evaluation.unknowns,
        ),
        exceptions=[_told(use) for use in outcome.uses],
        notes=[*_unroutable(owned), *notes, *asides(context, request.environment)],
        created=told_time(tools.clock),
        judged=bool(tree.objects or tree.dockerfiles or tree.images or tree.packages),
    )


def _owned(
    findings: Sequence[Finding], tree: Tree, file: str, around: TreeSurroundings, request: CheckRequest
) -> list[Finding]:
    codeowners = parse_codeowners("\n".join(tree.codeowners), file=file) if tree.codeowners is not None else None
    owners = Owners(surroundings=around, rules=request.configuration.owners, codeowners=codeowners)
    return [msgspec.structs.replace(finding, owner=owners.owner_of(finding)) for finding in findings]


def _inputs(request: CheckRequest, tree: Tree) -> list[Input]:
    images = [
        Input(
            kind="filesystem" if image.kind == "filesystem" else "image",
            name=image.ref,
            source=image.source,
            digest=image.digest,
        )
        for image in tree.images
    ]
    return [Input(kind="tree", name=request.root), *images]


def _told(use: Use) -> ExceptionNote:
    exception = use.exception
    advice = ""
    if use.state == "expired" and use.would_match:
        advice = f"{use.would_match} findings would need it: renew it or fix them"
    elif use.state in {"expired", "unused"}:
        advice = "remove it"
    return ExceptionNote(
        id=exception.id,
        state=use.state,
        findings=use.findings,
        expires=exception.expires,
        reason=exception.reason,
        advice=advice,
    )


def _unroutable(findings: Sequence[Finding]) -> list[Note]:
    seen = {
        (finding.owner.value, finding.owner.rule)
        for finding in findings
        if finding.owner is not None and finding.owner.value and not finding.owner.routable
    }
    return [
        Note(
            subject=f"owner {value!r}",
            text=f"not routable ({rule}); write a name, `team:`, `mailto:`, `slack:#` or `teams:`",
        )
        for value, rule in sorted(seen)[:_NOTES_OF_OWNERS]
    ]
