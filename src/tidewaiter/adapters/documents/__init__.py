"""Opens what a user names: a file, a compressed file, a tar, a zip, or a folder of all of these, within bounds."""

from tidewaiter.adapters.documents.bounded import Limits
from tidewaiter.adapters.documents.open import OpenDocument, open_documents

__all__ = ["Limits", "OpenDocument", "open_documents"]
