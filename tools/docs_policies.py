"""Writes docs/policies.md from the built-in policies; a test holds them equal."""

from importlib import resources
from pathlib import Path

from tidewaiter.core.policy import PolicySource, load
from tidewaiter.core.policy.catalogue import catalogue
from tidewaiter.scan.yaml_text import load_documents

TARGET = Path(__file__).resolve().parent.parent / "docs" / "policies.md"


def page() -> str:
    """Return the page."""
    folder = resources.files("tidewaiter.core.policy") / "builtin"
    sources = [
        PolicySource(file=entry.name, value=document.value, positions=document.positions)
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
        for document in load_documents(entry.read_bytes(), entry.name)
    ]
    loaded = load(sources)
    if loaded.defects:
        raise SystemExit("\n".join(map(str, loaded.defects)))
    return catalogue(loaded.policies)


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"wrote {TARGET.name}")
