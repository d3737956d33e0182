"""Which image a container runs: by digest, by bound name, by the image's own tags."""

from collections.abc import Iterable

from tidewaiter.core.context.reference import Reference, parse_reference
from tidewaiter.core.context.tree import Binding
from tidewaiter.core.model.image import Image


class ImageIndex:
    """Finds images by the text that a manifest has; every text is parsed once."""

    def __init__(self, images: Iterable[Image], bindings: Iterable[Binding]) -> None:
        """Index images by normal form; a binding without a tag stands for every tag and digest of its name."""
        self._by_text: dict[str, Image | None] = {}
        self._by_name: dict[str, Image] = {}
        self._by_tag: dict[tuple[str, str], Image] = {}
        self._by_digest: dict[tuple[str, str], Image] = {}
        self._written: dict[str, Image] = {}
        by_ref = {image.ref: image for image in images}
        for binding in bindings:
            bound = by_ref.get(binding.image)
            if bound is not None:
                self._bind(binding.name, bound)
        for image in by_ref.values():
            for name in (image.ref, *image.tags):
                self._add(name, image)

    def _bind(self, name: str, image: Image) -> None:
        self._written.setdefault(name, image)
        reference = parse_reference(name)
        if reference is not None and not reference.tag and not reference.digest:
            self._by_name.setdefault(reference.name, image)
        else:
            self._file(reference, image)

    def _add(self, name: str, image: Image) -> None:
        self._written.setdefault(name, image)
        self._file(parse_reference(name), image)

    def _file(self, reference: Reference | None, image: Image) -> None:
        if reference is None:
            return
        if reference.effective_tag:
            self._by_tag.setdefault((reference.name, reference.effective_tag), image)
        for digest in {reference.digest, image.digest} - {""}:
            self._by_digest.setdefault((reference.name, digest), image)

    def find(self, text: str) -> Image | None:
        """Return the image that a manifest means by `text`, None when the tree does not have it."""
        if text not in self._by_text:
            self._by_text[text] = self._look_up(text)
        return self._by_text[text]

    def _look_up(self, text: str) -> Image | None:
        if text in self._written:
            return self._written[text]
        reference = parse_reference(text)
        if reference is None:
            return None
        if reference.digest:
            found = self._by_digest.get((reference.name, reference.digest))
        else:
            found = self._by_tag.get((reference.name, reference.effective_tag))
        return found if found is not None else self._by_name.get(reference.name)
