"""The port of what the database keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Record:
    """A workflow or a release: `kind` is Workflow or Release."""

    kind: str
    name: str
    service: str | None


class Records(Protocol):
    """What the database keeps of the operation's environment or service. Every write is under the lease."""

    def keep_namespace(self, uid: str) -> None:
        """Remembers that we created the namespace."""
        ...

    def start_release(self, image: str) -> None:
        """Records that the operation's revision is being rolled out with this image."""
        ...

    def history(self) -> Sequence[Record]:
        """The workflows and releases there are."""
        ...

    def remove_history(self) -> int:
        """Removes the workflows and releases; returns how many there were."""
        ...
