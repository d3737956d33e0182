"""Zip archives in memory (PKWARE: APPNOTE 6.3), read by their central directory; bounded, nothing is extracted to disk."""

from tidewaiter.scan.zip_archive.bounds import Budget, ZipError
from tidewaiter.scan.zip_archive.directory import Directory, Member, read_directory
from tidewaiter.scan.zip_archive.reader import Reader

__all__ = ["Budget", "Directory", "Member", "Reader", "ZipError", "read_directory"]
