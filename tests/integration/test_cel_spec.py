"""Our CEL engine on the conformance cases of the CEL specification."""

import importlib.util
from types import ModuleType

import pytest

import cel_spec
from shared import REPOSITORY, shared

pytestmark = pytest.mark.corpus

PASSED = {
    "basic": 43,
    "bindings_ext": 8,
    "block_ext": 25,
    "comparisons": 362,
    "conversions": 109,
    "dynamic": 72,
    "encoders_ext": 4,
    "enums": 24,
    "fields": 60,
    "fp_math": 30,
    "integer_math": 64,
    "lists": 39,
    "logic": 30,
    "macros": 44,
    "macros2": 46,
    "math_ext": 199,
    "namespace": 14,
    "network_ext": 67,
    "optionals": 59,
    "parse": 191,
    "plumbing": 5,
    "string": 51,
    "string_ext": 213,
    "timestamps": 78,
    "type_deductions": 12,
}


@pytest.fixture(scope="module")
def report() -> cel_spec.Report:
    """Run the whole corpus once."""
    return cel_spec.run(shared("corpora/cel-spec/simple.jsonl"))


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """Load the tool that writes the page."""
    spec = importlib.util.spec_from_file_location("cel_conformance", REPOSITORY / "tools" / "docs_cel_conformance.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", PASSED)
def test_no_file_of_the_specification_gets_worse(report: cel_spec.Report, file: str) -> None:
    """As many cases of each file pass as ever passed."""
    passed = sum(count for (name, _), count in report.passed.items() if name == file)
    assert passed >= PASSED[file], [case for case in report.failing if case.file == file]


def test_every_failing_case_has_a_reason(report: cel_spec.Report, tool: ModuleType) -> None:
    """A case fails only where we decided so, or where the case contradicts itself."""
    assert [case for case in report.failing if (case.file, case.section, case.name) not in tool.REASONS] == []


def test_the_conformance_page_is_fresh(report: cel_spec.Report, tool: ModuleType) -> None:
    """The page in the documentation says what the engine does today."""
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(report), "run tools/docs_cel_conformance.py"
