"""Changes that Route53 has taken and its name servers do not all know yet."""

import threading
from collections.abc import Callable, Hashable

from jobs.errors import NotYet

LOOK_AGAIN_SECONDS = 2.0
#: An operation may go on in another process and never ask here again.
MOST_PURPOSES = 1000


class PendingChanges:
    """Ids of changes by what they were made for. Kept in memory only."""

    def __init__(self, in_sync: Callable[[str], bool]) -> None:
        self._in_sync = in_sync
        self._lock = threading.Lock()
        self._changes: dict[Hashable, list[str]] = {}

    def add(self, purpose: Hashable, change: str) -> None:
        with self._lock:
            self._changes.setdefault(purpose, []).append(change)
            while len(self._changes) > MOST_PURPOSES:
                del self._changes[next(iter(self._changes))]

    def wait(self, purpose: Hashable) -> None:
        """Raises NotYet while a change for this purpose is not in sync."""
        for change in self._changes.get(purpose, ()):
            if not self._in_sync(change):
                raise NotYet(f"DNS change {change} is on its way to the name servers", look_again=LOOK_AGAIN_SECONDS)
        with self._lock:
            self._changes.pop(purpose, None)
