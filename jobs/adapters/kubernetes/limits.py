"""Limits on the calls to one cluster, shared by the threads of a process."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from pydantic import Field
from pydantic.dataclasses import dataclass

from jobs.adapters.limiter import Limiter
from jobs.errors import NotYet, Transient

#: A call may wait this long for a place among the concurrent ones: as long as the one before it may take.
_LONGEST_WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Limits:
    """What one process may ask of a cluster."""

    concurrent: int = Field(default=16, ge=1)
    per_second: float = Field(default=100.0, gt=0)
    burst: int = Field(default=400, ge=1)
    #: How long an answer may take.
    seconds: float = Field(default=10.0, gt=0)


class CallLimits:
    def __init__(
        self,
        limits: Limits,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = limits.seconds
        self._places = threading.BoundedSemaphore(limits.concurrent)
        self._rate = Limiter(limits.per_second, limits.burst, now=now, sleep=sleep)

    @contextmanager
    def turn(self) -> Generator[None]:
        """One call. Raises Transient when its turn is too far away."""
        if not self._places.acquire(timeout=_LONGEST_WAIT_SECONDS):
            raise Transient("The cluster answers slowly: as many calls as it may have are under way.")
        try:
            self.take()
            yield
        finally:
            self._places.release()

    def take(self) -> None:
        """One call that takes no place among the concurrent ones. Raises Transient when its turn is too far away."""
        try:
            self._rate.take()
        except NotYet as busy:
            # Most calls of the port know no NotYet: whoever asks the cluster wants to know now.
            raise Transient(f"The cluster is {busy.reason}.", retry_after=busy.look_again) from None

    def hold(self, seconds: float) -> None:
        """Lets nothing through for so long: the cluster said that it has too much to do."""
        self._rate.hold(seconds)
