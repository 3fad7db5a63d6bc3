"""A limit on requests a second, shared by the threads of one process."""

import threading
import time
from collections.abc import Callable

from jobs.errors import NotYet

#: A thread may wait this long for its turn. Who would wait longer gives its thread back and comes again.
LONGEST_WAIT_SECONDS = 2.0


class Limiter:
    """Lets `burst` requests through at once and `per_second` in the long run (the generic cell rate algorithm)."""

    def __init__(
        self,
        per_second: float,
        burst: int = 1,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 1 / per_second
        self._tolerance = self._interval * (burst - 1)
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._due = 0.0

    def take(self) -> None:
        """Returns when it is this request's turn. Raises NotYet, without taking a turn, when that is too far away."""
        with self._lock:
            now = self._now()
            wait = self._due - self._tolerance - now
            if wait > LONGEST_WAIT_SECONDS:
                raise NotYet("waiting for a turn: too many requests at once", look_again=wait)
            self._due = max(self._due, now) + self._interval
        if wait > 0:
            self._sleep(wait)

    def hold(self, seconds: float) -> None:
        """Lets no request through for so many seconds: the other side said so."""
        with self._lock:
            self._due = max(self._due, self._now() + seconds + self._tolerance)
