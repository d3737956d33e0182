"""A Dockerfile as instructions with their lines (moby/buildkit: frontend/dockerfile/docs/reference.md)."""

import msgspec

from tidewaiter.core.model.verdict import Unknown


class Instruction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One instruction, continuation lines and heredocs joined."""

    keyword: str
    """Upper case: `FROM`, `RUN`, ..."""
    value: str
    """Everything after the keyword and its flags, continuations joined by one blank, ARG and ENV not expanded."""
    expanded: str = ""
    """`value` with ARG defaults and ENV expanded as far as they are known; empty when nothing changed."""
    flags: tuple[tuple[str, str], ...] = ()
    """`--from=build` as `("from", "build")`."""
    line: int
    end_line: int
    stage: int = 0
    """Index of the build stage, counted from 0; instructions before the first FROM belong to stage 0."""
    heredocs: tuple[str, ...] = ()
    """Bodies of heredocs, in order."""
    image: str = ""
    """FROM only: the image reference after expansion."""
    name: str = ""
    """FROM only: the stage name given by AS, lower case."""


class Dockerfile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One Dockerfile of the tree."""

    path: str
    instructions: tuple[Instruction, ...] = ()
    escape: str = "\\"
    unknowns: tuple[Unknown, ...] = ()

    @property
    def final_stage(self) -> int:
        """Return the index of the last stage, which is the one that becomes the image."""
        return max((instruction.stage for instruction in self.instructions), default=0)
