"""One document's text with the tree of its nodes, and the questions that edits ask of both."""

from tidewaiter.scan.edit.errors import EditError
from tidewaiter.scan.yaml_text.json_text import compose_json
from tidewaiter.scan.yaml_text.nodes import Node, compose
from tidewaiter.scan.yaml_text.positions import child, parse_pointer


class Sheet:
    """A text under edit; `is_json` decides how values are written."""

    def __init__(self, text: str, *, is_json: bool) -> None:
        """Compose the tree of `text`, which must have been read without an error."""
        self.text = text
        self.is_json = is_json
        if is_json:
            start = len(text) - len(text.lstrip())
            self.root: Node | None = compose_json(text, start)
        else:
            self.root = compose(text.encode("utf-8", "surrogatepass"))

    def line_start(self, index: int) -> int:
        """Return where the line of the character at `index` begins."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Return the place just after the line that holds `index`, its break included."""
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1

    def column(self, index: int) -> int:
        """Return how many characters stand before `index` on its line."""
        return index - self.line_start(index)

    def is_first_on_line(self, index: int) -> bool:
        """Tell whether only blanks stand before `index` on its line."""
        return not self.text[self.line_start(index) : index].strip(" ")

    def after(self, node: Node) -> int:
        """Return where the next line after a block node's content begins."""
        end = node.end
        if end > 0 and self.text[end - 1 : end] == "\n":
            return end
        return self.line_end(end)

    def dash(self, node: Node) -> int:
        """Return the place of the dash that opens a block list item."""
        found = self.text.rfind("-", 0, node.start + 1 if node.start == node.end else node.start)
        if found < 0:
            raise EditError("the list is written in a way that cannot be changed in place")
        return found

    def step(self) -> int:
        """Return by how many blanks the text indents maps below their field."""
        return self._indents("map", 2)

    def offset(self) -> int:
        """Return by how many blanks the text indents lists below their field."""
        return self._indents("list", 0)

    def _indents(self, kind: str, default: int) -> int:
        stack = [self.root] if self.root is not None else []
        while stack:
            node = stack.pop()
            if node.kind not in {"map", "list"} or node.flow:
                continue
            for key, value in reversed(node.children):
                stack.append(value)
                if key is not None and value.kind == kind and not value.flow and value.children:
                    first, item = value.children[0]
                    begin = first.start if first is not None else self.dash(item)
                    if self.line_start(begin) != self.line_start(key.start):
                        return self.column(begin) - self.column(key.start)
        return default


def walk(sheet: Sheet, pointer: str) -> tuple[list[tuple[Node, str]], Node | None, list[str]]:
    """Follow `pointer` through nodes that are written in their place.

    Returns the maps and lists on the way with the part taken in each, the node found at the end (None when parts are
    missing), and the parts that are missing.
    """
    way: list[tuple[Node, str]] = []
    node = sheet.root
    parts = parse_pointer(pointer)
    for number, part in enumerate(parts):
        if node is None or node.kind == "scalar":
            return way, None, parts[number:]
        if node.kind == "alias":
            raise EditError(f"it is shared through the alias *{node.anchor}")
        way.append((node, part))
        found = own_child(node, part)
        if found is None:
            return way, None, parts[number:]
        node = found[1]
    return way, node, []


def own_child(node: Node, part: str) -> tuple[Node | None, Node] | None:
    """Return key and value of a field or item that stands in `node` itself, not one merged into it."""
    found = child(node, part)
    return found if found is not None and any(value is found[1] for _, value in node.children) else None
