"""Changes YAML and JSON texts in place: comments, order, quotes and indentation of everything else stay.

Every edited document is read again and must say exactly what the same change on plain data says; otherwise nothing
is changed and `EditError` tells why.
"""

import difflib
from collections.abc import Sequence

from tidewaiter.core.finding import JsonPatch, ManualChange, Patch, ReplaceText
from tidewaiter.scan.edit.change import changed
from tidewaiter.scan.edit.errors import EditError
from tidewaiter.scan.edit.values import patched, same
from tidewaiter.scan.yaml_text import load_documents
from tidewaiter.scan.yaml_text.split import split_documents

__all__ = ["EditError", "apply", "diff"]

_BOM = "\ufeff"


def apply(text: str, patches: Sequence[Patch]) -> str:
    """Return the text of one file after all patches, which all speak of the text as it was.

    Changes of lines are made from the bottom up, items of lists are removed last and from the end, so that no patch
    moves the target of another. Raises `EditError`; the file named in a patch is not looked at.
    """
    bom, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    crlf = "\r\n" in body
    body = body.replace("\r\n", "\n") if crlf else body
    for replacement in sorted((p for p in patches if isinstance(p, ReplaceText)), key=lambda p: -p.line):
        body = _replaced(body, replacement)
    for patch in _in_order([p for p in patches if isinstance(p, JsonPatch)]):
        body = _patched_text(body, patch)
    if any(isinstance(patch, ManualChange) for patch in patches):
        raise EditError("it needs a person")
    return bom + (body.replace("\n", "\r\n") if crlf else body)


def _in_order(patches: list[JsonPatch]) -> list[JsonPatch]:
    removals = [patch for patch in patches if patch.op == "remove" and _item(patch)[1] >= 0]
    others = [patch for patch in patches if patch not in removals]
    return others + sorted(removals, key=_item, reverse=True)


def _item(patch: JsonPatch) -> tuple[str, int]:
    parent, _, last = patch.path.rpartition("/")
    return parent, int(last) if last.isascii() and last.isdigit() and len(last) < 10 else -1


def _replaced(text: str, patch: ReplaceText) -> str:
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: max(patch.line - 1, 0)]))
    place = text.find(patch.find, start) if patch.find else -1
    if place < 0:
        raise EditError(f"`{patch.find[:60]}` is not there at or after line {patch.line}")
    return text[:place] + patch.replacement + text[place + len(patch.find) :]


def _patched_text(text: str, patch: JsonPatch) -> str:
    documents = load_documents(text.encode("utf-8", "surrogatepass"), patch.file)
    if patch.document >= len(documents):
        raise EditError(f"there is no document {patch.document} in the file")
    document = documents[patch.document]
    if document.error is not None:
        raise EditError(f"the document cannot be read: {document.error.reason}")
    wanted = patched(document.value, patch)
    start, end = _span(text, patch.document, len(documents))
    own = text[start:end]
    is_json = own.lstrip()[:1] in {"{", "["} and _is_json(own)
    result = text[:start] + changed(own, patch, is_json=is_json) + text[end:]
    again = load_documents(result.encode("utf-8", "surrogatepass"), patch.file)
    expected = [wanted if number == patch.document else one.value for number, one in enumerate(documents)]
    if [one.error is None for one in again] != [one.error is None for one in documents] or not all(
        same(one.value, value) for one, value in zip(again, expected, strict=True)
    ):
        raise EditError(
            f"{patch.path} is written in a way that cannot be changed in place (shared by an anchor, perhaps)"
        )
    return result


def _span(text: str, which: int, count: int) -> tuple[int, int]:
    if count == 1:
        return 0, len(text)
    data = text.encode("utf-8", "surrogatepass")
    spans = split_documents(data)
    if len(spans) != count:
        raise EditError("the documents of the file cannot be told apart")
    start, end = spans[which]
    before = len(data[:start].decode("utf-8", "surrogatepass"))
    return before, before + len(data[start:end].decode("utf-8", "surrogatepass"))


def _is_json(text: str) -> bool:
    return load_documents(text.encode("utf-8", "surrogatepass"), "x.json")[0].error is None


def diff(before: str, after: str, path: str) -> str:
    """Return a unified diff (3 lines of context) that `patch -p1` and `git apply` accept; empty when equal."""
    if before == after:
        return ""
    names = (_quoted(f"a/{path}"), _quoted(f"b/{path}"))
    lines = difflib.unified_diff(_lines(before), _lines(after), *names, lineterm="\n")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """Split after line feeds only, as `patch` does."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _quoted(name: str) -> str:
    """Return a name as git writes it: in quotes, bytes as octal escapes, when it would break or colour the header."""
    if name.isprintable() and '"' not in name and "\\" not in name:
        return name
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return f'"{"".join(escapes.get(one) or (one if one.isprintable() else _octal(one)) for one in name)}"'


def _octal(character: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogatepass"))
