"""Objects of any kind, as far as their metadata tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.adapters.kubernetes.json import JsonObject, annotations_of, labels_of, metadata, name_of, uid_of
from jobs.adapters.kubernetes.kinds import Kind
from jobs.adapters.kubernetes.labels import ON_DELETE, OPERATION, SERVICE
from jobs.ports import ObjectRef
from models.vocabulary import VolumePolicy


@dataclass(frozen=True)
class Found:
    """An object that is there."""

    kind: Kind
    thing: JsonObject

    @property
    def name(self) -> str:
        return name_of(self.thing)

    @property
    def uid(self) -> str:
        return uid_of(self.thing)

    @property
    def path(self) -> str:
        return self.kind.path(metadata(self.thing).get("namespace"), self.name)

    @property
    def finalizers(self) -> list[str]:
        return metadata(self.thing).get("finalizers") or []

    @property
    def terminates_at(self) -> str | None:
        """When it is to be gone, RFC 3339; None if nobody deleted it."""
        return metadata(self.thing).get("deletionTimestamp")

    @property
    def written_by(self) -> int | None:
        """The number of the operation that wrote it; None for what others made."""
        number = annotations_of(self.thing).get(OPERATION, "")
        return int(number) if number.isdecimal() else None

    @property
    def retained(self) -> bool:
        """Whether its data outlive the service."""
        return annotations_of(self.thing).get(ON_DELETE) == VolumePolicy.RETAIN

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(self.kind.api_version, self.kind.kind, self.name, self.uid, labels_of(self.thing).get(SERVICE))

    def __str__(self) -> str:
        return f"{self.kind.kind} {self.name}"


def listed(found: Sequence[Found], most: int = 5) -> str:
    """The first of them by kind and name, for a message."""
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(str(one) for one in found[:most]) + more
