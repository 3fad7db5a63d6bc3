"""Objects of a cluster: which there are, and what would become of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jobs.errors import Blocker, Transient
from models.vocabulary import ObjectAction


@dataclass(frozen=True)
class ObjectRef:
    """One object of the cluster, exactly: kind, name and uid."""

    api_version: str
    kind: str
    name: str
    uid: str
    service: str | None = None


@dataclass(frozen=True)
class Inventory:
    """What the cluster holds of an environment (or one of its services)."""

    #: Ours: they go.
    removals: Sequence[ObjectRef]
    #: In the namespace and not ours, or ours and kept by policy (volumes with RETAIN): they stay, with the reason.
    keeps: Sequence[tuple[ObjectRef, str]] = field(default=())


class PartlyKnown(Transient):
    """A part of the cluster's API did not answer: there may be more than what was `found`."""

    def __init__(self, message: str, blockers: Sequence[Blocker], found: Inventory) -> None:
        super().__init__(message, blockers=blockers)
        self.found = found


@dataclass(frozen=True)
class Applied:
    """What was made of a service's objects."""

    objects: Sequence[ObjectRef]
    #: The volumes' claims among them that were kept when nothing asked for them, and are used again.
    adopted: Sequence[ObjectRef] = ()


@dataclass(frozen=True)
class FieldChange:
    """A field and its values, None where it is not there. What a Secret holds is never shown."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ObjectChange:
    """What would become of an object. `fields` are given where it is changed."""

    action: ObjectAction
    kind: str
    name: str
    fields: Sequence[FieldChange] = ()
