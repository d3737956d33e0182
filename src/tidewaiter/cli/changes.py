"""Turns the fixes of a report into changed files: by machine what can be, with a reason for the rest."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.core.finding import ManualChange, Patch
from tidewaiter.core.report import Report, ReportGroup
from tidewaiter.scan.edit import EditError, apply, diff

_NOT_TEXT: Final = "it is not UTF-8 text"


class LeftOver(msgspec.Struct, frozen=True, kw_only=True):
    """A group that needs a person, and why."""

    group: ReportGroup
    reason: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """A unified diff for `patch -p1` or `git apply`, run in the root of the tree."""

    diff: str
    groups: tuple[ReportGroup, ...]
    """Groups that the diff closes."""
    left: tuple[LeftOver, ...]


def live_groups(report: Report) -> tuple[ReportGroup, ...]:
    """Return the groups with a violation that nothing exempts, in the order of the report."""
    live = {one.id for one in report.findings if one.exception is None and one.verdict == "Fail"}
    return tuple(group for group in report.groups if live & set(group.findings))


def base_of(path: str) -> Path:
    """Return the folder that paths of a report are relative to."""
    root = Path(path)
    return root if root.is_dir() else root.parent


def changes(groups: Sequence[ReportGroup], *, path: str, unsafe: bool) -> Changes:
    """Return the diff of all groups whose fix a machine can make; only safe fixes unless `unsafe`."""
    chosen: list[ReportGroup] = []
    left: list[LeftOver] = []
    for group in groups:
        reason = _needs_person(group, unsafe=unsafe)
        if reason:
            left.append(LeftOver(group=group, reason=reason))
        else:
            chosen.append(group)
    edited = _Edited(base_of(path))
    done = []
    for group in chosen:
        problem = edited.apply(group)
        if problem:
            left.append(LeftOver(group=group, reason=problem))
        else:
            done.append(group)
    return Changes(diff=edited.diff(), groups=tuple(done), left=tuple(left))


def _needs_person(group: ReportGroup, *, unsafe: bool) -> str:
    fix = group.fix
    if fix is None or not fix.patches:
        return "no change is known that a machine can make"
    if any(isinstance(patch, ManualChange) for patch in fix.patches):
        return f"made by hand: {fix.why}" if fix.why else "made by hand"
    if not fix.safe and not unsafe:
        return "it may break the application" + (f" ({fix.why})" if fix.why else "") + "; --unsafe includes it"
    return ""


class _Edited:
    """Texts of the files with the changes so far; a change is made as a whole or not at all."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._before: dict[str, str] = {}
        self._after: dict[str, str] = {}
        self._made: dict[str, list[Patch]] = defaultdict(list)

    def apply(self, group: ReportGroup) -> str:
        """Make the changes of one group; return why it cannot be done, or nothing."""
        by_file: dict[str, list[Patch]] = defaultdict(list)
        for patch in group.fix.patches if group.fix is not None else ():
            if not isinstance(patch, ManualChange):
                by_file[patch.file].append(patch)
        texts = {}
        for file, patches in by_file.items():
            new = [patch for patch in patches if patch not in self._made[file]]
            problem = self._load(file)
            if problem:
                return f"{file}: {problem}"
            try:
                # All changes of a file are made on its original text, so that line numbers of findings hold.
                texts[file] = apply(self._before[file], [*self._made[file], *new])
            except EditError as error:
                return f"{file}: {error}"
            by_file[file] = new
        for file, text in texts.items():
            self._after[file] = text
            self._made[file].extend(by_file[file])
        return ""

    def _load(self, file: str) -> str:
        if file in self._before:
            return ""
        place = (self._base / file).resolve()
        if not place.is_relative_to(self._base.resolve()):
            return "it lies outside of the tree"
        data = DiskWorkspace().read(str(place))
        if data is None:
            return "there is no such file"
        try:
            self._before[file] = self._after[file] = data.decode()
        except UnicodeDecodeError:
            return _NOT_TEXT
        return ""

    def diff(self) -> str:
        """Return the changes of all files, in the order of their paths."""
        changed = sorted(file for file in self._after if self._after[file] != self._before[file])
        return "".join(diff(self._before[file], self._after[file], file) for file in changed)
