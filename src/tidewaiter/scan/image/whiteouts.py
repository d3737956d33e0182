"""What one layer hides of the layers below it (OCI image-spec: layer.md, whiteouts and opaque whiteouts)."""

from collections.abc import Collection, Mapping

from tidewaiter.scan.image.paths import Resolver, split


class LayerView:
    """Answers whether a path of a lower layer is still there once this layer lies on top of it.

    Whiteouts and opaque markers act on lower layers only, in whatever order a layer stores them; a member that is not
    a folder replaces what stands at its path, a whole subtree included; a folder replaces a file.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        *,
        folders: Collection[str],
        whiteouts: Collection[str],
        opaques: Collection[str],
        lower: Resolver,
        own: Resolver,
    ) -> None:
        """Make paths real: marks by the links of the layers below, members by the links that hold in this layer too."""
        self._names = _real_names(names, own)
        self._folders = {own.parent(path) for path in folders} if own.has_links else folders
        self._whiteouts = {lower.parent(path) for path in whiteouts}
        self._opaques = {lower.folder(path) for path in opaques}
        self._sets: dict[str, frozenset[str]] = {}
        self._hidden: dict[str, bool] = {"": "" in self._opaques}

    def has(self, path: str) -> bool:
        """Return whether the layer itself has a member at the path that is not a folder."""
        folder, name = split(path)
        return self._has(folder, name)

    def hides(self, path: str) -> bool:
        """Return whether a file of a lower layer at the path is deleted or replaced."""
        if path in self._whiteouts or path in self._folders:
            return True
        folder, _, name = path.rpartition("/")
        if folder in self._names and name in self.names(folder):
            return True
        known = self._hidden.get(folder)
        return self._hides_children(folder) if known is None else known

    def names(self, folder: str) -> frozenset[str]:
        """Return the names of the members in a folder that are not folders."""
        known = self._sets.get(folder)
        if known is None:
            members = self._names.get(folder)
            known = self._sets[folder] = frozenset(members.split("/") if members else ())
        return known

    def _has(self, folder: str, name: str) -> bool:
        return folder in self._names and name in self.names(folder)

    def _hides_children(self, folder: str) -> bool:
        """Decide for a folder and, on the way, for its parents; without recursion, because paths may be deep."""
        chain: list[str] = []
        at = folder
        while at not in self._hidden:
            chain.append(at)
            at = split(at)[0]
        hidden = self._hidden[at]
        for path in reversed(chain):
            parent, name = split(path)
            hidden = hidden or path in self._opaques or path in self._whiteouts or self._has(parent, name)
            self._hidden[path] = hidden
        return hidden


def _real_names(names: Mapping[str, str], own: Resolver) -> Mapping[str, str]:
    if not own.has_links:
        return names
    found: dict[str, str] = {}
    for folder, members in names.items():
        real = own.folder(folder)
        held = found.get(real)
        found[real] = members if held is None else f"{held}/{members}"
    return found
