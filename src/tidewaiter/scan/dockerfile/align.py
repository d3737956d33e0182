"""Which line of a Dockerfile made which entry and layer of an image.

History and instructions are aligned from the end by a weighted longest common subsequence; gaps between two certain
pairs are filled only where both sides hold the same keywords. Nothing is guessed by position alone.
"""

import posixpath
from collections.abc import Sequence
from typing import Literal

import msgspec

from tidewaiter.core.model.dockerfile import Dockerfile, Instruction
from tidewaiter.core.model.image import BaseImage, Confidence, HistoryEntry, Image, Layer
from tidewaiter.core.model.location import Location
from tidewaiter.scan.dockerfile.canonical import Compared, of_instruction, of_step
from tidewaiter.scan.dockerfile.history import read_step

_MOST = 400
"""Entries and instructions that are compared, counted from the end."""
_Pair = tuple[int, int, Confidence]


def align(image: Image, dockerfile: Dockerfile, target: str | None = None) -> Image:
    """Return the image with `instruction` and `confidence` of its history and layers filled in.

    `target` names the build stage (or its number) that became the image; None stands for the last one. An image that
    this Dockerfile did not make comes back with nothing aligned.
    """
    instructions = _chain(dockerfile, target)
    steps = [of_step(read_step(entry.created_by)) for entry in image.history]
    compared = _compared(instructions)
    pairs = _pairs(steps, compared)
    if not pairs:
        return image
    history = list(image.history)
    for row, column, confidence in pairs:
        location = Location(file=dockerfile.path, line=instructions[column].line)
        history[row] = msgspec.structs.replace(history[row], instruction=location, confidence=confidence)
    first = min(pairs)
    base = _base(dockerfile, target)
    certain = all(compared[column].keyword == "ARG" for column in range(first[1])) and first[2] != "aligned"
    below = first[0] if certain else 0
    layers = _layers(image.layers, history, below if base != "scratch" else 0)
    known = image.base
    if known is None and base not in {"", "scratch"}:
        known = BaseImage(names=(base,), source="dockerfile")
    return msgspec.structs.replace(image, history=tuple(history), layers=layers, base=known)


def _chain(dockerfile: Dockerfile, target: str | None) -> list[Instruction]:
    """Return the instructions of the stages that the image is made of, oldest stage first, FROM left out."""
    by_stage: dict[int, list[Instruction]] = {}
    begun = False
    for instruction in dockerfile.instructions:
        begun = begun or instruction.keyword == "FROM"
        if begun and instruction.keyword != "FROM":
            by_stage.setdefault(instruction.stage, []).append(instruction)
    return [instruction for stage in _stages(dockerfile, target) for instruction in by_stage.get(stage, ())]


def _stages(dockerfile: Dockerfile, target: str | None) -> list[int]:
    froms = {item.stage: item for item in dockerfile.instructions if item.keyword == "FROM"}
    names = {item.name: stage for stage, item in froms.items() if item.name}
    wanted = dockerfile.final_stage
    if target:
        by_number = int(target) if target.isascii() and target.isdigit() and len(target) < 6 else wanted
        wanted = names.get(target.lower(), by_number)
    chain = [wanted]
    while chain[0] in froms:
        parent = names.get(froms[chain[0]].image.lower())
        if parent is None or parent >= chain[0]:
            break
        chain.insert(0, parent)
    return chain


def _base(dockerfile: Dockerfile, target: str | None) -> str:
    root = _stages(dockerfile, target)[0]
    return next((item.image for item in dockerfile.instructions if item.keyword == "FROM" and item.stage == root), "")


def _compared(instructions: Sequence[Instruction]) -> list[Compared]:
    compared = []
    directory = "/"
    for instruction in instructions:
        compared.append(of_instruction(instruction, directory))
        if instruction.keyword == "WORKDIR":
            directory = posixpath.join(directory, (instruction.expanded or instruction.value).strip("\"'"))
    return compared


def _agreement(step: Compared, instruction: Compared) -> Literal[0, 2, 3]:
    if step.keyword != instruction.keyword:
        return 0
    if step.text == instruction.text:
        return 3
    return 2 if step.forms & instruction.forms else 0


def _pairs(steps: Sequence[Compared], instructions: Sequence[Compared]) -> list[_Pair]:
    """Return the certain pairs and the gaps between them that can be filled."""
    rows = range(max(0, len(steps) - _MOST), len(steps))
    columns = range(max(0, len(instructions) - _MOST), len(instructions))
    certain = _common(steps, instructions, rows, columns)
    if not certain:
        return []
    filled: list[_Pair] = []
    ends = [*((row, column) for row, column, _ in certain[1:]), (len(steps), len(instructions))]
    for (row, column, confidence), (next_row, next_column) in zip(certain, ends, strict=True):
        filled.append((row, column, confidence))
        left = [number for number in range(row + 1, next_row) if steps[number].keyword]
        right = list(range(column + 1, next_column))
        if [steps[number].keyword for number in left] != [instructions[number].keyword for number in right]:
            right = [number for number in right if instructions[number].keyword != "ARG"]
        if [steps[number].keyword for number in left] == [instructions[number].keyword for number in right]:
            filled.extend((own, other, "aligned") for own, other in zip(left, right, strict=True))
    return filled


def _common(steps: Sequence[Compared], instructions: Sequence[Compared], rows: range, columns: range) -> list[_Pair]:
    """Return the pairs of the heaviest common subsequence; of equal ones that whose pairs lie nearest the end."""
    width = len(columns) + 1
    weights = [[0] * width for _ in range(len(rows) + 1)]
    for i, row in enumerate(rows):
        above, current = weights[i], weights[i + 1]
        for j, column in enumerate(columns):
            agreement = _agreement(steps[row], instructions[column])
            best = max(above[j + 1], current[j])
            current[j + 1] = max(best, above[j] + agreement) if agreement else best
    pairs: list[_Pair] = []
    i, j = len(rows), len(columns)
    while i and j:
        agreement = _agreement(steps[rows[i - 1]], instructions[columns[j - 1]])
        if agreement and weights[i][j] == weights[i - 1][j - 1] + agreement:
            confidence: Confidence = "exact" if agreement == 3 else "normalised"
            pairs.append((rows[i - 1], columns[j - 1], confidence))
            i, j = i - 1, j - 1
        elif weights[i - 1][j] >= weights[i][j - 1]:
            i -= 1
        else:
            j -= 1
    pairs.reverse()
    return pairs


def _layers(layers: Sequence[Layer], history: Sequence[HistoryEntry], below: int) -> tuple[Layer, ...]:
    """Give each layer the instruction of its history entry; entries before `below` belong to the base image."""
    by_layer = {entry.layer: (number, entry) for number, entry in enumerate(history) if entry.layer is not None}
    result = []
    for layer in layers:
        number, entry = by_layer.get(layer.index, (-1, None))
        if entry is not None and entry.instruction is not None:
            layer = msgspec.structs.replace(  # noqa: PLW2901 - the layer with what is known now
                layer, instruction=entry.instruction, confidence=entry.confidence, origin="own"
            )
        elif entry is not None and 0 <= number < below and layer.origin == "unknown":
            layer = msgspec.structs.replace(layer, origin="base")  # noqa: PLW2901
        result.append(layer)
    return tuple(result)
