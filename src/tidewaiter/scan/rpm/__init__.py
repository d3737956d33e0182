"""The rpm package database in its three forms, read from bytes: sqlite, ndb and Berkeley DB hash."""

from tidewaiter.scan.rpm.blobs import Blobs
from tidewaiter.scan.rpm.database import read_blobs
from tidewaiter.scan.rpm.header import Header, HeaderError, read_header
from tidewaiter.scan.rpm.packages import Installed, read_package, split_source

__all__ = ["Blobs", "Header", "HeaderError", "Installed", "read_blobs", "read_header", "read_package", "split_source"]
