"""What a cluster holds of environments that there are no more."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from jobs.ports.objects import ObjectRef


@dataclass(frozen=True)
class Leftover:
    """Something with our labels that belongs to no environment that we know."""

    environment_id: str
    namespace: str | None
    object: ObjectRef


@dataclass(frozen=True)
class LeftoverRemoval:
    """`removed` are deleted, or terminate already; `refused`: why the others can't be, by uid."""

    removed: Sequence[Leftover]
    refused: Mapping[str, str]


#: The ids of the environments that there are.
Known = Callable[[], Collection[str]]
