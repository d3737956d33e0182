"""The names of an image in documents of other tools."""

from urllib.parse import quote

from tidewaiter.core.report.facts import ImageFacts

_DIGEST_LENGTH = len("sha256:") + 64


def image_purl(image: ImageFacts) -> str:
    """Return `pkg:oci/<name>@<digest>?repository_url=…&tag=…` (package-url/purl-spec: oci); empty without a digest."""
    if image.kind != "image" or not image.digest.startswith("sha256:") or len(image.digest) != _DIGEST_LENGTH:
        return ""
    named = image.ref if _is_reference(image.ref) else next((tag for tag in image.tags if _is_reference(tag)), "")
    repository, tag = split_reference(named)
    name = repository.rpartition("/")[2].lower()
    if not name:
        return ""
    qualifiers = [f"repository_url={_quoted(repository.lower(), '/.-_~')}"] if "/" in repository else []
    if tag:
        qualifiers.append(f"tag={_quoted(tag, '.-_~')}")
    text = f"?{'&'.join(qualifiers)}" if qualifiers else ""
    return f"pkg:oci/{_quoted(name, '.-_~')}@{_quoted(image.digest, '')}{text}"


def _quoted(text: str, safe: str) -> str:
    return quote(text, safe=safe, errors="surrogateescape")


def split_reference(reference: str) -> tuple[str, str]:
    """Return repository and tag of an image reference; a digest is cut off, the tag is empty where none is written."""
    named = reference.partition("@")[0]
    folder, slash, last = named.rpartition("/")
    name, _, tag = last.partition(":")
    return f"{folder}{slash}{name}", tag


def _is_reference(text: str) -> bool:
    """Tell a name of an image from a path of an archive."""
    return bool(text) and not text.startswith(("/", ".")) and " " not in text and not text.endswith((".tar", ".gz"))
