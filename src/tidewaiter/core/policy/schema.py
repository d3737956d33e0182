"""The JSON Schema of the policy document, made from its Structs; published as `docs/schema/policy-v1.json`."""

from typing import Any

import msgspec

from tidewaiter.core.policy.document import PolicyDocument
from tidewaiter.core.policy.fields import subjects

SCHEMA_ID = "https://tidewaiter.dev/schema/policy-v1.json"


def policy_schema() -> dict[str, Any]:
    """Return the schema (JSON Schema 2020-12) with the subjects as an enumeration and `forbid`/`require` exclusive."""
    (reference,), definitions = msgspec.json.schema_components([PolicyDocument], ref_template="#/$defs/{name}")
    spec = definitions["Spec"]["properties"]
    spec["subject"] = {"enum": list(subjects()), "description": "What the policy is judged once per."}
    rule = definitions["Rule"]
    rule["oneOf"] = [{"required": ["forbid"]}, {"required": ["require"]}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Tidewaiter policy",
        **reference,
        "$defs": definitions,
    }
