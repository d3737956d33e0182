"""The check of a tree and its images: judged, exempted, owned, ranked."""

from msgspec import structs

from tidewaiter.core.policy import PolicySet
from tidewaiter.core.report import Report
from tidewaiter.gates.build.answer import answer
from tidewaiter.gates.build.read import read_facts
from tidewaiter.gates.build.remember_uses import remember_uses
from tidewaiter.gates.build.request import CheckRequest
from tidewaiter.gates.build.tools import Tools
from tidewaiter.ports.files import FileTree


def check(request: CheckRequest, *, files: FileTree, policies: PolicySet, tools: Tools) -> Report:
    """Return the report of a tree: read it, match advisories, judge by policies, exempt, name owners, rank."""
    tree, codeowners = read_facts(request, files, tools)
    tree = structs.replace(tree, unknowns=(*tree.unknowns, *remember_uses(tree, tools)))
    return answer(request, tree, codeowners, policies, tools)
