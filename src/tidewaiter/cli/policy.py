"""`tidewaiter policy`: list, show, check and try policies, and look up what they may read."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import App, Parameter

from tidewaiter import wiring
from tidewaiter.cli.formats import CheckFormat
from tidewaiter.cli.output import columns, complain, emit, is_coloured, progress
from tidewaiter.core.policy import CompiledPolicy, PolicySource, load
from tidewaiter.core.policy.problem import PolicyProblem, did_you_mean
from tidewaiter.core.policy.vocabulary import describe, subject_names
from tidewaiter.core.report import exit_code
from tidewaiter.render import renderers
from tidewaiter.render.table.text import counted
from tidewaiter.scan.yaml_text import load_documents

app = App(name="policy", help="List, show, check and try policies.")

Format = Annotated[Literal["table", "json"], Parameter(name="--format")]
Folders = Annotated[tuple[str, ...], Parameter(name="--policies", negative="", show_default=False)]


class NotFoundError(ValueError):
    """A policy, subject or file that does not exist."""

    def __init__(self, message: str, advice: str) -> None:
        """Keep what a person can write instead."""
        super().__init__(message)
        self.advice = advice


@app.command(name="list")
def policy_list(*, format: Format = "table", policies: Folders = ()) -> int:  # noqa: A002 - the option's name
    """List every policy with its severity, subject and title.

    Parameters
    ----------
    format
        Table for people, JSON for machines.
    policies
        Folder or file with policies of your own. May be repeated.

    """
    found, unknowns = wiring.load_policies(policies)
    if format == "json":
        emit(json.dumps([_summary(policy) for policy in found.policies], indent=2) + "\n")
    else:
        rows = [
            (p.name, p.document.spec.severity, p.document.spec.subject, p.document.spec.title) for p in found.policies
        ]
        emit(_table(("POLICY", "SEVERITY", "SUBJECT", "TITLE"), rows))
    for problem in (*found.problems, *unknowns):
        complain(f"{problem.subject}: {problem.reason}", hint=problem.advice)
    return 3 if found.problems or unknowns else 0


@app.command(name="show")
def policy_show(name: str, *, policies: Folders = ()) -> int:
    """Show one policy: what it finds, why that matters, what to do, what can be set.

    Parameters
    ----------
    name
        Id of the policy.
    policies
        Folder or file with policies of your own. May be repeated.

    """
    found, _ = wiring.load_policies(policies)
    policy = found.get(name)
    if policy is None:
        raise NotFoundError(f"there is no policy `{name}`", did_you_mean(name, [p.name for p in found.policies]))
    emit(_shown(policy))
    return 0


@app.command(name="lint")
def policy_lint(*paths: str) -> int:
    """Check policy files: every mistake with file, line, column and what was probably meant.

    Exit codes: 0 all are well-formed, 1 mistakes, 2 nothing to check.

    Parameters
    ----------
    paths
        Files or folders with policies.

    """
    files = list(_files(paths))
    if not files:
        raise NotFoundError(
            "there is no policy file to check", "name files or folders that hold .yaml, .yml or .json files"
        )
    mistakes: list[str] = []
    sources: list[PolicySource] = []
    for file in files:
        for document in load_documents(file.read_bytes(), str(file)):
            if document.error is not None:
                mistakes.append(f"{document.error.location or file}: {document.error.reason}")
            elif document.value is not None:
                text = document.text.decode("utf-8", "replace")
                sources.append(
                    PolicySource(
                        file=str(file),
                        value=document.value,
                        positions=document.positions,
                        text=text,
                        line=document.line,
                    )
                )
    found = load(sources)
    mistakes += [str(defect) for defect in sorted(found.defects, key=_by_place)]
    emit(
        "".join(f"{mistake}\n" for mistake in mistakes)
        + f"{counted(len(found.policies), 'well-formed policy')}, {counted(len(mistakes), 'mistake')}\n"
    )
    return 1 if mistakes else 0


@app.command(name="eval")
def policy_eval(
    path: str = ".",
    *,
    file: Annotated[tuple[str, ...], Parameter(name=["--file", "-f"], negative="")],
    image: Annotated[tuple[str, ...], Parameter(name="--image", negative="", show_default=False)] = (),
    format: CheckFormat = "table",  # noqa: A002 - the option's name
    environment: Annotated[str, Parameter(name="--environment", show_default=False)] = "",
    db: Annotated[str, Parameter(name="--db", show_default=False)] = "",
) -> int:
    """Judge a tree by the given policies only.

    Exit codes: 0 pass, 1 a policy failed, 2 bad usage, 3 incomplete.

    Parameters
    ----------
    path
        Folder of the repository, or one manifest.
    file
        File or folder with the policies. May be repeated.
    image
        NAME=PATH, as in `tidewaiter check`.
    format
        Table for people, JSON or SARIF for machines.
    environment
        `production` makes questions that stay open fail.
    db
        File with advisory data instead of the default one.

    """
    options = wiring.CheckOptions(
        path=path, images=image, policies=file, only_policies=True, environment=environment, database=db
    )
    with progress() as shown:
        report = wiring.run_check(options, settings=wiring.read_settings(os.environ), progress=shown)
    emit(renderers()[format].render(report, colour=is_coloured(sys.stdout, output=""), width=columns()))
    return exit_code(report)


@app.command(name="fields")
def policy_fields(subject: str = "") -> int:
    """Show what expressions may read: the variables of a subject and the fields of its records.

    Parameters
    ----------
    subject
        Subject of a policy; without it, the subjects are listed.

    """
    if subject and subject not in subject_names():
        raise NotFoundError(f"there is no subject `{subject}`", did_you_mean(subject, subject_names()))
    emit(describe(subject))
    return 0


def _files(paths: Iterable[str]) -> Iterable[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(
                one for one in path.rglob("*") if one.suffix in {".yaml", ".yml", ".json"} and one.is_file()
            )
        elif path.is_file():
            yield path
        else:
            raise NotFoundError(f"{path} does not exist", "name files or folders with policies")


def _by_place(defect: PolicyProblem) -> tuple[str, int, int]:
    return defect.location.file or "", defect.location.line or 0, defect.location.column or 0


def _summary(policy: CompiledPolicy) -> dict[str, Any]:
    spec = policy.document.spec
    return {
        "name": policy.name,
        "title": spec.title,
        "severity": spec.severity,
        "subject": spec.subject,
        "categories": list(spec.categories),
        "controls": list(spec.controls),
        "mitre": list(spec.mitre),
        "stages": list(spec.stages),
        "params": {name: msgspec.to_builtins(param) for name, param in spec.params.items()},
        "file": policy.file,
    }


def _shown(policy: CompiledPolicy) -> str:
    spec = policy.document.spec
    parts = [
        f"{policy.name} ({spec.severity}, judged per {spec.subject}): {spec.title}",
        "",
        spec.description,
        f"Why: {spec.rationale}" if spec.rationale else "",
        f"What to do: {spec.remediation}" if spec.remediation else "",
        f"Stages: {', '.join(spec.stages)}",
        f"Controls: {', '.join((*spec.controls, *spec.mitre))}" if spec.controls or spec.mitre else "",
        *(
            f"Parameter {name} ({param.type}): {param.description} Default {json.dumps(param.default)}."
            for name, param in spec.params.items()
        ),
        *(
            f"Rule {rule.name}: {'forbid' if rule.forbid is not None else 'require'} {rule.forbid or rule.require}"
            for rule in spec.rules
        ),
        f"File: {policy.file}",
    ]
    return "\n".join(part.rstrip() for index, part in enumerate(parts) if part or index == 1) + "\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head) - 1)]
    lines = [
        "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]))
        for row in (head, *rows)
    ]
    return "\n".join(lines) + "\n"
