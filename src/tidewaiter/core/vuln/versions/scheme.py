"""What an order of versions is, and how its keys are kept while one match runs."""

from typing import Any, Protocol


class VersionScheme(Protocol):
    """The order of one ecosystem's versions; stateless, total over every text, refusing none."""

    @property
    def id(self) -> str:
        """Return the kebab-case id, equal to the file name with `-` for `_`."""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Return the ecosystems that use this order, as OSV names them."""
        ...

    def key(self, version: str) -> Any:
        """Return a sort key: keys of one scheme compare with `<` and `==` and never raise."""
        ...

    def is_valid(self, version: str) -> bool:
        """Tell whether the ecosystem's own grammar accepts the text; matching a refused one is Unknown (decision 8.6)."""
        ...


class Keys:
    """The keys of one scheme, each built once; lives as long as one match or one import."""

    def __init__(self, scheme: VersionScheme) -> None:
        """Keep the keys of `scheme`."""
        self.scheme = scheme
        self._keys: dict[str, Any] = {}
        self._valid: dict[str, bool] = {}

    def __getitem__(self, version: str) -> Any:
        key = self._keys.get(version)
        if key is None:
            key = self._keys[version] = self.scheme.key(version)
        return key

    def is_valid(self, version: str) -> bool:
        """Tell whether the grammar accepts the text."""
        valid = self._valid.get(version)
        if valid is None:
            valid = self._valid[version] = self.scheme.is_valid(version)
        return valid
