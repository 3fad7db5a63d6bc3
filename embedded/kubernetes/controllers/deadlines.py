"""What takes a while: when it is due."""

import time
from collections.abc import Hashable


class Deadlines:
    """On the monotonic clock, in memory: what a restart of the server forgets begins anew."""

    def __init__(self) -> None:
        self._due: dict[Hashable, float] = {}

    def left(self, what: Hashable, seconds: float = 0.0) -> float:
        """The seconds until it is due, 0 if it is; `seconds` from now if it was not awaited yet."""
        now = time.monotonic()
        return max(0.0, self._due.setdefault(what, now + seconds) - now)

    def start(self, what: Hashable, seconds: float) -> None:
        """Anew, also if it was awaited."""
        self._due[what] = time.monotonic() + seconds

    def forget(self, *whats: Hashable) -> None:
        for what in whats:
            self._due.pop(what, None)
