"""The list of a family: its members in declaration order, each id once."""

from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar


class Member(Protocol):
    """What every member of a family declares."""

    @property
    def id(self) -> str:
        """Return the kebab-case id, equal to the file name with `-` for `_`."""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Return the words by which members are selected."""
        ...


M = TypeVar("M", bound=Member)


class Registry(Generic[M]):
    """The members of one family; built by the family's folder and by wiring, never by import side effects."""

    def __init__(self, family: str, members: Iterable[M]) -> None:
        """Refuse an id that occurs twice, because the second would silently replace the first."""
        self.family = family
        self._members: dict[str, M] = {}
        for member in members:
            if member.id in self._members:
                raise ValueError(f"{family}: `{member.id}` is registered twice")
            self._members[member.id] = member

    def __iter__(self) -> Iterator[M]:
        return iter(self._members.values())

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, member_id: object) -> bool:
        return member_id in self._members

    def __getitem__(self, member_id: str) -> M:
        return self._members[member_id]

    def select(self, *tags: str) -> tuple[M, ...]:
        """Return the members that carry all of the tags, in declaration order."""
        wanted = frozenset(tags)
        return tuple(member for member in self if wanted <= member.tags)
