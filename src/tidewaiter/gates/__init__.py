"""The use cases: fetch facts through ports, evaluate, decide, act; the gates share the core, never each other."""
