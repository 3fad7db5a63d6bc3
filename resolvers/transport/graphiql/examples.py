"""What the page offers to try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Example:
    """One tab. A variable "<name>" is replaced by what the page finds in the place of that name, if anything."""

    document: str
    variables: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True)
class Examples:
    """The tabs that the page opens with, and the query with which it finds values for their variables.

    `places` are ways into the query's data by name; a negative number counts from a list's end.
    """

    tabs: Sequence[Example] = ()
    lookup: str | None = None
    places: Mapping[str, Sequence[str | int]] = field(default_factory=dict[str, Sequence[str | int]])
