"""YAML and JSON as Kubernetes reads them, document by document, with the place of every field.

One broken document never hides the others: each `Document` has a value or an error, never neither by accident.
"""

from tidewaiter.scan.yaml_text.documents import Document, load_documents
from tidewaiter.scan.yaml_text.errors import TextError
from tidewaiter.scan.yaml_text.limits import DEFAULT_LIMITS, Limits

__all__ = ["DEFAULT_LIMITS", "Document", "Limits", "TextError", "load_documents"]
