"""The build gate: a tree and its images in, one report out.

`check` judges, `scan` takes an inventory, `explain` tells why one advisory holds. Each is a module to import by itself:
an inventory needs neither the language of policies nor the readers of manifests and lock files.
"""
