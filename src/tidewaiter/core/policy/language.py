"""Loading: documents become policies that type-check; each broken one disables only itself and says where."""

from collections.abc import Iterable, Mapping
from typing import Any

from tidewaiter.core.cel import Program, types
from tidewaiter.core.policy.compiled import CompiledPolicy, CompiledRule, PolicySet
from tidewaiter.core.policy.compiler import Compiler, environment_of
from tidewaiter.core.policy.document import PolicyDocument, PolicySource, Rule
from tidewaiter.core.policy.fields import subjects
from tidewaiter.core.policy.fields.base import Subject
from tidewaiter.core.policy.problem import PolicyProblem, did_you_mean
from tidewaiter.core.policy.types import converted, fits, parse_type
from tidewaiter.core.strict import DocumentError, convert, place


def load(sources: Iterable[PolicySource]) -> PolicySet:
    """Return every policy that type-checks, and every problem of the others; never raises for a bad document.

    A name that occurs twice disables the later one, because nobody could tell which of the two judged.
    """
    policies: dict[str, CompiledPolicy] = {}
    defects: list[PolicyProblem] = []
    for source in sources:
        policy, problems = load_one(source)
        if policy is not None and policy.name in policies:
            problems = [
                _problem(
                    source,
                    policy.name,
                    "/metadata/name",
                    f"the name `{policy.name}` is taken by {policies[policy.name].file}",
                    "give every policy a name of its own",
                )
            ]
        if problems or policy is None:
            defects.extend(problems)
        else:
            policies[policy.name] = policy
    return PolicySet(policies=tuple(policies[name] for name in sorted(policies)), defects=tuple(defects))


def load_one(source: PolicySource) -> tuple[CompiledPolicy | None, list[PolicyProblem]]:
    """Return one policy, or None with everything that is wrong with it."""
    try:
        document = convert(source.value, PolicyDocument, file=source.file, positions=source.positions)
    except DocumentError as error:
        return None, [
            PolicyProblem(
                policy=_name_of(source.value), message=error.message, location=error.location, hint=error.advice
            )
        ]
    problems = _consistency(document, source)
    subject = subjects().get(document.spec.subject)
    if subject is None:
        hint = did_you_mean(document.spec.subject, subjects())
        problems.append(
            _problem(
                source, document.metadata.name, "/spec/subject", f"unknown subject `{document.spec.subject}`", hint
            )
        )
        return None, problems
    param_types, params = _params(document, source, problems)
    policy = _compile(document, source, subject, param_types, params, problems)
    return (None if problems else policy), problems


def _compile(
    document: PolicyDocument,
    source: PolicySource,
    subject: Subject,
    param_types: Mapping[str, types.Type],
    params: Mapping[str, Any],
    problems: list[PolicyProblem],
) -> CompiledPolicy:
    spec = document.spec
    compiler = Compiler(source, document.metadata.name, problems)
    base = environment_of(subject, param_types)
    # Variables may use those declared above them, so their types are known in order.
    variables: dict[str, Program] = {}
    scope = base
    for name, text in spec.variables.items():
        program = compiler.program(text, scope, f"/spec/variables/{name}")
        variables[name] = program
        scope = environment_of(
            subject, param_types, variables={key: value.result_type for key, value in variables.items()}
        )
    where = (
        compiler.program(spec.where, base if not variables else scope, "/spec/where", types.BOOL)
        if spec.where
        else None
    )
    rules = tuple(
        _rule(rule, f"/spec/rules/{index}", subject, param_types, variables, scope, compiler)
        for index, rule in enumerate(spec.rules)
    )
    return CompiledPolicy(
        document=document,
        subject=subject,
        file=source.file,
        where=where,
        variables=variables,
        rules=rules,
        param_types=param_types,
        params=params,
    )


def _rule(
    rule: Rule,
    pointer: str,
    subject: Subject,
    param_types: Mapping[str, types.Type],
    variables: Mapping[str, Program],
    scope: Any,
    compiler: Compiler,
) -> CompiledRule:
    each = compiler.program(rule.each, scope, f"{pointer}/each", types.list_of()) if rule.each is not None else None
    if each is not None:
        kinds = {key: value.result_type for key, value in variables.items()}
        element = each.result_type.parameters[0] if each.result_type.kind == "list" else types.DYN
        scope = environment_of(subject, param_types, variables=kinds, item=element)
    word = "forbid" if rule.forbid is not None else "require"
    condition = compiler.program(rule.forbid or rule.require or "false", scope, f"{pointer}/{word}", types.BOOL)
    return CompiledRule(
        rule=rule,
        condition=condition,
        violated_when=rule.forbid is not None,
        each=each,
        message=compiler.template(rule.message, scope, f"{pointer}/message"),
        at=compiler.template(rule.at, scope, f"{pointer}/at"),
        related=compiler.program(rule.related, scope, f"{pointer}/related", types.list_of())
        if rule.related is not None
        else None,
        fix=compiler.fix(rule.fix, scope, f"{pointer}/fix") if rule.fix is not None else None,
    )


def _params(
    document: PolicyDocument, source: PolicySource, problems: list[PolicyProblem]
) -> tuple[dict[str, types.Type], dict[str, Any]]:
    kinds: dict[str, types.Type] = {}
    values: dict[str, Any] = {}
    for name, param in document.spec.params.items():
        pointer = f"/spec/params/{name}"
        try:
            kinds[name] = parse_type(param.type)
        except ValueError as error:
            problems.append(_problem(source, document.metadata.name, f"{pointer}/type", str(error)))
            kinds[name] = types.DYN
        if fits(param.default, kinds[name]):
            values[name] = converted(param.default, kinds[name])
        else:
            problems.append(
                _problem(
                    source, document.metadata.name, f"{pointer}/default", f"the default of `{name}` is not {param.type}"
                )
            )
    return kinds, values


def _consistency(document: PolicyDocument, source: PolicySource) -> list[PolicyProblem]:
    """Return what the types of the document cannot say."""
    problems = []
    name, spec = document.metadata.name, document.spec
    if document.kind == "Policy" and not document.metadata.namespace:
        problems.append(
            _problem(
                source,
                name,
                "/metadata",
                "a Policy acts in one namespace and names none",
                "add metadata.namespace, or use kind ClusterPolicy",
            )
        )
    if document.kind == "ClusterPolicy" and document.metadata.namespace:
        problems.append(
            _problem(
                source,
                name,
                "/metadata/namespace",
                "a ClusterPolicy acts everywhere",
                "remove the namespace, or use kind Policy",
            )
        )
    if not spec.stages:
        problems.append(
            _problem(source, name, "/spec/stages", "no stage is named, so the policy would never be judged")
        )
    seen: set[str] = set()
    for index, rule in enumerate(spec.rules):
        pointer = f"/spec/rules/{index}"
        if (rule.forbid is None) == (rule.require is None):
            problems.append(
                _problem(source, name, pointer, f"rule `{rule.name}` needs exactly one of `forbid` and `require`")
            )
        if rule.name in seen:
            problems.append(_problem(source, name, f"{pointer}/name", f"the rule name `{rule.name}` is used twice"))
        seen.add(rule.name)
        if rule.fix is not None and bool(rule.fix.patch) == (rule.fix.replace_text is not None):
            problems.append(
                _problem(source, name, f"{pointer}/fix", "a fix needs exactly one of `patch` and `replaceText`")
            )
    return problems


def _problem(source: PolicySource, name: str, pointer: str, message: str, hint: str = "") -> PolicyProblem:
    return PolicyProblem(
        policy=name, message=message, location=place(source.file, pointer, source.positions), hint=hint
    )


def _name_of(value: Any) -> str:
    metadata = value.get("metadata") if isinstance(value, Mapping) else None
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    return name if isinstance(name, str) else ""
