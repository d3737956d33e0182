"""Use cases that are no gate."""
