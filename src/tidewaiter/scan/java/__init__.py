"""What a Java archive is: its own identity, the parts shaded into it, and the archives nested in it."""

from tidewaiter.scan.java.archive import read_archive

__all__ = ["read_archive"]
