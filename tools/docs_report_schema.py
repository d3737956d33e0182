"""Writes docs/schema/report-v1.json from the code; a test holds them equal."""

import json
from pathlib import Path

from tidewaiter.core.report import report_schema

TARGET = Path(__file__).resolve().parent.parent / "docs" / "schema" / "report-v1.json"

if __name__ == "__main__":
    TARGET.write_text(json.dumps(report_schema(), indent=2) + "\n")
    print(f"wrote {TARGET.name}")
