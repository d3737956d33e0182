"""One operation on the text of one document: as few characters as possible, in the style of their surroundings."""

from typing import Any

from tidewaiter.core.finding import JsonPatch
from tidewaiter.scan.edit import render
from tidewaiter.scan.edit.errors import EditError
from tidewaiter.scan.edit.sheet import Sheet, own_child, walk
from tidewaiter.scan.yaml_text.nodes import Node
from tidewaiter.scan.yaml_text.positions import item_number


def changed(text: str, patch: JsonPatch, *, is_json: bool) -> str:
    """Return the text after one operation; the caller checks that it says what it should."""
    sheet = Sheet(text, is_json=is_json)
    way, node, missing = walk(sheet, patch.path)
    if sheet.root is None or not way:
        raise EditError("the document is not a map or a list")
    if patch.op == "remove":
        if node is None:
            raise EditError(f"there is no field {patch.path}")
        return _remove(sheet, way)
    parent, part = way[-1]
    if patch.op == "add" and parent.kind == "list" and len(missing) <= 1:
        return _insert_item(sheet, way, part, patch.value)
    if node is not None:
        return _replace(sheet, parent, part, patch.value)
    value = patch.value
    for name in reversed(missing[1:]):
        value = {name: value}
    if own_child(parent, part) is not None:
        # A parent without a value (`securityContext:`) takes the missing fields as its value.
        return _replace(sheet, parent, part, {missing[0]: value})
    return _add_field(sheet, way, missing[0], value)


def _replace(sheet: Sheet, parent: Node, part: str, value: Any) -> str:
    found = own_child(parent, part)
    assert found is not None
    key, node = found
    text = sheet.text
    if parent.flow or sheet.is_json:
        return text[: node.start] + _inline(sheet, node.start, value) + text[node.end :]
    end = node.end
    while end > node.start and text[end - 1] in "\r\n":
        end -= 1
    pad = " " * (sheet.column(key.start) if key is not None else sheet.column(sheet.dash(node)))
    if key is not None:
        lines = render.field("x", value, pad, sheet.step(), sheet.offset())
        start = _after_colon(text, key)
        rest = lines[0][len(pad) + 2 :]
    else:
        lines = render.list_item(value, pad, sheet.step(), sheet.offset())
        start = sheet.dash(node) + 1
        rest = lines[0][len(pad) + 1 :]
    return text[:start] + "\n".join([rest, *lines[1:]]) + text[max(end, start) :]


def _after_colon(text: str, key: Node) -> int:
    found = text.find(":", key.end)
    if found < 0 or text[key.end : found].strip():
        raise EditError("the field is written in a way that cannot be changed in place")
    return found + 1


def _inline(sheet: Sheet, place: int, value: Any) -> str:
    if not sheet.is_json:
        return render.flow(value)
    start = sheet.line_start(place)
    line = sheet.text[start:place]
    indent = line[: len(line) - len(line.lstrip())]
    return render.json_text(value, indent=indent, step=_json_step(sheet))


def _json_step(sheet: Sheet) -> str:
    """Return the indentation of the first field below the root; empty when the JSON stands on one line."""
    assert sheet.root is not None
    if not sheet.root.children:
        return ""
    key, value = sheet.root.children[0]
    first = key.start if key is not None else value.start
    between = sheet.text[sheet.root.start : first]
    return between.rpartition("\n")[2] if "\n" in between else ""


def _add_field(sheet: Sheet, way: list[tuple[Node, str]], name: str, value: Any) -> str:
    node = way[-1][0]
    if node.kind != "map":
        raise EditError(f"`{name}` cannot be added to a list")
    if not node.children and not sheet.is_json and len(way) > 1 and not way[-2][0].flow:
        return _replace(sheet, *way[-2], {name: value})
    if node.flow:
        return _add_inline(sheet, node, name, value)
    first = node.children[0][0]
    assert first is not None
    pad = " " * sheet.column(first.start)
    return _insert_lines(
        sheet, sheet.after(node.children[-1][1]), render.field(name, value, pad, sheet.step(), sheet.offset())
    )


def _add_inline(sheet: Sheet, node: Node, name: str | None, value: Any) -> str:
    text = sheet.text
    if sheet.is_json:
        written = "" if name is None else render.json_text(name, indent="", step="") + ": "
    else:
        written = "" if name is None else render.scalar(name) + ": "
    if not node.children:
        opening = node.start + text[node.start : node.end].index("{" if node.kind == "map" else "[") + 1
        step = _json_step(sheet) if sheet.is_json else ""
        if not step:
            return text[:opening] + written + _inline(sheet, node.start, value) + text[node.end - 1 :]
        start = sheet.line_start(node.start)
        indent = text[start : start + len(text[start:]) - len(text[start:].lstrip())]
        body = render.json_text(value, indent=indent + step, step=step)
        return f"{text[:opening]}\n{indent}{step}{written}{body}\n{indent}{text[node.end - 1 :]}"
    key, last = node.children[-1]
    begin = key.start if key is not None else last.start
    blank = text[sheet.line_start(begin) : begin]
    on_own_line = not blank.strip() and "\n" in text[node.start : begin]
    separator = ",\n" + blank if on_own_line else ", "
    if text[last.end : node.end].lstrip().startswith(","):
        comma = text.index(",", last.end) + 1
        separator = "\n" + blank if on_own_line else " "
        return text[:comma] + separator + written + _inline(sheet, begin, value) + text[comma:]
    return text[: last.end] + separator + written + _inline(sheet, begin, value) + text[last.end :]


def _insert_item(sheet: Sheet, way: list[tuple[Node, str]], part: str, value: Any) -> str:
    node = way[-1][0]
    count = len(node.children)
    index = count if part == "-" else item_number(part, count + 1)
    if index is None:
        raise EditError(f"there is no place {part} in the list")
    if not count and not sheet.is_json and len(way) > 1 and not way[-2][0].flow:
        return _replace(sheet, *way[-2], [value])
    if node.flow:
        if index == count:
            return _add_inline(sheet, node, None, value)
        place = node.children[index][1].start
        return sheet.text[:place] + _inline(sheet, place, value) + ", " + sheet.text[place:]
    dash = sheet.dash(node.children[0][1])
    pad = " " * sheet.column(dash)
    lines = render.list_item(value, pad, sheet.step(), sheet.offset())
    if index == count:
        return _insert_lines(sheet, sheet.after(node.children[-1][1]), lines)
    before = sheet.dash(node.children[index][1])
    if not sheet.is_first_on_line(before):
        # A list that begins behind another dash: the new item takes its place, the old one moves to a line of its own.
        return sheet.text[:before] + "\n".join(lines).lstrip(" ") + "\n" + pad + sheet.text[before:]
    return _insert_lines(sheet, sheet.line_start(before), lines)


def _insert_lines(sheet: Sheet, place: int, lines: list[str]) -> str:
    before, after = sheet.text[:place], sheet.text[place:]
    if before and not before.endswith("\n"):
        return before + "\n" + "\n".join(lines) + after
    return before + "\n".join(lines) + "\n" + after


def _remove(sheet: Sheet, way: list[tuple[Node, str]]) -> str:
    parent, part = way[-1]
    found = own_child(parent, part)
    assert found is not None
    if len(parent.children) == 1 and not parent.flow:
        empty: Any = {} if parent.kind == "map" else []
        if len(way) > 1:
            return _replace(sheet, *way[-2], empty)
        return sheet.text[: parent.start] + render.flow(empty) + sheet.text[parent.end :]
    order = next(number for number, (_, value) in enumerate(parent.children) if value is found[1])
    if parent.flow:
        return _remove_inline(sheet, parent, order)
    key, value = found
    start = key.start if key is not None else sheet.dash(value)
    if sheet.is_first_on_line(start):
        return sheet.text[: sheet.line_start(start)] + sheet.text[sheet.after(value) :]
    if order + 1 == len(parent.children):
        raise EditError("the field is written in a way that cannot be removed in place")
    # The first field after a dash: the next one takes its place.
    next_key, next_value = parent.children[order + 1]
    following = next_key.start if next_key is not None else sheet.dash(next_value)
    return sheet.text[:start] + sheet.text[following:]


def _remove_inline(sheet: Sheet, parent: Node, order: int) -> str:
    spans = [(key.start if key is not None else value.start, value.end) for key, value in parent.children]
    if order + 1 < len(spans):
        return sheet.text[: spans[order][0]] + sheet.text[spans[order + 1][0] :]
    start = spans[order - 1][1] if order else spans[order][0]
    return sheet.text[:start] + sheet.text[spans[order][1] :]
