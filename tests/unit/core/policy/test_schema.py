"""The published JSON Schema."""

import json
from pathlib import Path

import jsonschema
import pytest

from policies import policy, sources
from shared import REPOSITORY
from tidewaiter.core.policy import load
from tidewaiter.core.policy.schema import policy_schema

BUILTIN = sorted((REPOSITORY / "src/tidewaiter/core/policy/builtin").glob("*.yaml"))


def test_published_schema_is_current() -> None:
    """`tools/docs_policy_schema.py` was run after the last change of the document."""
    published = json.loads((REPOSITORY / "docs/schema/policy-v1.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(policy_schema())) == published


@pytest.mark.parametrize("path", BUILTIN, ids=lambda path: path.stem)
def test_builtin_policies_follow_it(path: Path) -> None:
    """Editors that use the schema accept what the loader accepts."""
    (source,) = sources(path.read_text(encoding="utf-8"))
    jsonschema.validate(source.value, policy_schema())


@pytest.mark.parametrize(
    "text",
    [
        policy("    - {name: one, message: bad}"),
        policy("    - {name: one, forbid: 'true', require: 'true', message: bad}"),
        policy("    - {name: one, forbid: 'true', message: bad}", subject="cntainer"),
        policy("    - {name: one, forbid: 'true', message: bad}", spec="  wherre: 'true'\n"),
        policy("    []"),
    ],
)
def test_schema_and_loader_refuse_alike(text: str) -> None:
    """What the loader refuses by shape, the schema refuses too."""
    (source,) = sources(text)
    assert () == load([source]).policies
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(source.value, policy_schema())
