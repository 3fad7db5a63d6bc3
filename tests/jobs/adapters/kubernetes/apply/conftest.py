import threading
from collections.abc import Callable

import pytest

from tests.jobs.adapters.proxy import Answer, Fault, Forward, Request


@pytest.fixture
def together() -> Callable[[int], Fault]:
    """Makes a fault that answers when so many requests have met it, and breaks where they come one by one."""

    def make(parties: int) -> Fault:
        barrier = threading.Barrier(parties)

        def fault(request: Request, forward: Forward) -> Answer:
            barrier.wait(timeout=10)
            return forward(request)

        return fault

    return make
