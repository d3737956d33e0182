"""Bytes become facts: pure readers that are given streams and never open anything."""
