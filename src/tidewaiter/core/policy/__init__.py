"""Native policies: load documents, judge facts, make findings. Nothing else makes findings (decision 1)."""

from tidewaiter.core.policy.compiled import CompiledPolicy, PolicySet
from tidewaiter.core.policy.document import PolicyDocument, PolicySource
from tidewaiter.core.policy.evaluate import Evaluation, Judge, evaluate
from tidewaiter.core.policy.language import load, load_one
from tidewaiter.core.policy.override import PolicyOverride
from tidewaiter.core.policy.problem import PolicyProblem

__all__ = [
    "CompiledPolicy",
    "Evaluation",
    "Judge",
    "PolicyDocument",
    "PolicyOverride",
    "PolicyProblem",
    "PolicySet",
    "PolicySource",
    "evaluate",
    "load",
    "load_one",
]
