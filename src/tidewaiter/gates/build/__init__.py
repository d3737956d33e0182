"""The build gate: a tree and its images in, one report out."""

from msgspec import structs

from tidewaiter.core.report import Report
from tidewaiter.gates.build.answer import answer
from tidewaiter.gates.build.read import read_facts
from tidewaiter.gates.build.remember import remember_uses
from tidewaiter.gates.build.request import CheckRequest, ImageInput, Statements, Tools
from tidewaiter.gates.build.scan import scan
from tidewaiter.ports.files import FileTree

__all__ = ["CheckRequest", "ImageInput", "Statements", "Tools", "check", "scan"]


def check(request: CheckRequest, *, files: FileTree, tools: Tools) -> Report:
    """Return the report of a tree: read it, match advisories, judge by policies, exempt, name owners, rank."""
    tree, codeowners = read_facts(request, files, tools)
    tree = structs.replace(tree, unknowns=(*tree.unknowns, *remember_uses(tree, tools)))
    return answer(request, tree, codeowners, tools)
