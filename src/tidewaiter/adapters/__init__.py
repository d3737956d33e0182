"""Adapters: the only code that touches files, archives, databases and networks."""
