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


class Keys(dict[str, Any]):
    """The keys of one scheme, each built once; lives as long as one match or one import.

    A dict, so that a key that is known costs no call: bounds are compared by the ten thousand.
    """

    def __init__(self, scheme: VersionScheme) -> None:
        """Keep the keys of `scheme`."""
        super().__init__()
        self.scheme = scheme
        self._valid: dict[str, bool] = {}
        # Where the key itself tells, the text is not taken apart a second time.
        self._tells = getattr(scheme, "is_key_of_valid", None)

    def __missing__(self, version: str) -> Any:
        key = self[version] = self.scheme.key(version)
        return key

    def is_valid(self, version: str) -> bool:
        """Tell whether the grammar accepts the text."""
        valid = self._valid.get(version)
        if valid is None:
            valid = self.scheme.is_valid(version) if self._tells is None else bool(self._tells(self[version]))
            self._valid[version] = valid
        return valid
