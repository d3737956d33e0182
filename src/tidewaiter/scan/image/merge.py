"""Lays the layers of an image on each other and keeps what the top view still has."""

from tidewaiter.scan.analyzer import AnalyzerResult
from tidewaiter.scan.image.attribution import Attribution
from tidewaiter.scan.image.facts import LayerFacts
from tidewaiter.scan.image.paths import Resolver
from tidewaiter.scan.image.whiteouts import LayerView


class Merge:
    """The merged view after the layers added so far; paths are real, symbolic links of folders followed."""

    def __init__(self, depth: int) -> None:
        """Start empty; `depth` bounds the symbolic links on one path."""
        self._depth = depth
        self.evidence: dict[str, dict[str, AnalyzerResult]] = {}
        """Metadata file -> analyzer id -> what it says."""
        self.system: dict[str, bytes] = {}
        self.tools: dict[str, int] = {}
        """Possible tool -> layer."""
        self.modes: dict[str, tuple[int, int]] = {}
        """Notable file -> mode, layer."""
        self.links: dict[str, str] = {}
        self.unbound: list[tuple[int, str, str]] = []
        """Hard links whose body nobody read: layer, path and target as the layer writes them."""
        self.attribution = Attribution()
        self.views: list[LayerView] = []
        self._own: list[Resolver] = []

    def add(self, facts: LayerFacts) -> None:
        """Lay the next layer on top."""
        layer = len(self.views)
        view, own = self._view(facts)
        removed = {path for path in self.evidence if view.hides(path)}
        written = {own.parent(path): dict(results) for path, results in facts.results.items()}
        self._bind_hard_links(facts, own, written, layer)
        self.attribution.apply(layer, removed, written)
        for path in removed:
            del self.evidence[path]
        self.evidence.update(written)
        self.system = {path: body for path, body in self.system.items() if not view.hides(path)}
        self.system.update({own.parent(path): body for path, body in facts.system.items()})
        self.tools = {path: at for path, at in self.tools.items() if not view.hides(path)}
        self.tools.update({own.parent(path): layer for path in facts.tools})
        self.modes = {path: known for path, known in self.modes.items() if not view.hides(path)}
        self.modes.update({own.parent(path): (mode, layer) for path, mode in facts.modes.items()})
        self.views.append(view)
        self._own.append(own)

    def resolver(self) -> Resolver:
        """Return a resolver for the links of the top view."""
        return Resolver(self.links, self._depth)

    def real_path(self, layer: int, path: str) -> str:
        """Return where a member of a layer really lies, given as the layer writes it."""
        return self._own[layer].parent(path)

    def exists(self, path: str) -> bool:
        """Return whether the top view has a member at the path that is not a folder."""
        for view in reversed(self.views):
            if view.has(path):
                return True
            if view.hides(path):
                return False
        return False

    def is_hidden_after(self, layer: int, path: str) -> bool:
        """Return whether a layer above `layer` deletes or replaces the file."""
        return any(view.hides(path) for view in self.views[layer + 1 :])

    def _view(self, facts: LayerFacts) -> tuple[LayerView, Resolver]:
        """Build the view of a layer in two steps: first which lower links it leaves, then with its own links."""
        lower = Resolver(self.links, self._depth)
        plain = Resolver({}, self._depth)
        marks = {"folders": facts.folders, "whiteouts": facts.whiteouts, "opaques": facts.opaques}
        kept: dict[str, str] = {}
        if self.links:
            first = LayerView(facts.names, lower=lower, own=plain, **marks)
            kept = {path: target for path, target in self.links.items() if not first.hides(path)}
        left = Resolver(kept, self._depth)
        self.links = kept | {left.parent(path): target for path, target in facts.links.items()}
        own = Resolver(self.links, self._depth)
        return LayerView(facts.names, lower=lower, own=own, **marks), own

    def _bind_hard_links(
        self, facts: LayerFacts, own: Resolver, written: dict[str, dict[str, AnalyzerResult]], layer: int
    ) -> None:
        """Give a hard-linked database the body of its target, which lies in the same layer or in a lower one."""
        for path, target in facts.hard.items():
            real = own.parent(target)
            results = facts.linked.get(target) or written.get(real) or self.evidence.get(real)
            if results:
                written[own.parent(path)] = dict(results)
            body = facts.system.get(target, self.system.get(real))
            if body is not None:
                facts.system[path] = body
            elif not results and not any(
                place in read for place, read in ((target, facts.linked), (real, written), (real, self.evidence))
            ):
                self.unbound.append((layer, path, target))
