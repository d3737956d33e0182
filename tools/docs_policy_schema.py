"""Writes docs/schema/policy-v1.json from the code; a test holds them equal."""

import json
from pathlib import Path

from tidewaiter.core.policy.schema import policy_schema

TARGET = Path(__file__).resolve().parent.parent / "docs" / "schema" / "policy-v1.json"

if __name__ == "__main__":
    TARGET.write_text(json.dumps(policy_schema(), indent=2) + "\n", encoding="utf-8")
    print(f"wrote {TARGET.name}")
