"""Shapes that the inside asks of the outside: protocols and the errors that adapters raise."""
