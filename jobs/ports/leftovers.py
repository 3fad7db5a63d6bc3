"""What a cluster holds of environments that there are no more."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from jobs.ports.objects import ObjectRef


@dataclass(frozen=True)
class Leftover:
    """Something with our labels that belongs to no environment that we know, and to no other installation."""

    environment_id: str
    namespace: str | None
    object: ObjectRef


@dataclass(frozen=True)
class LeftoverRemoval:
    """`removed` are deleted, or terminate already; `refused`: why the others can't be, by uid."""

    removed: Sequence[Leftover]
    refused: Mapping[str, str]


@dataclass(frozen=True)
class Known:
    """What an installation knows to be its own."""

    installation: str
    #: Gives the ids of the environments that there are.
    environments: Callable[[], Collection[str]]
