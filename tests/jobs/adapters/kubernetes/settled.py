"""Calls that say NotYet until the cluster is where they want it."""

import time
from collections.abc import Callable
from typing import TypeVar

from jobs.errors import NotYet

R = TypeVar("R")


def settled(call: Callable[[], R], within: float = 60.0) -> R:
    """What the call gives in the end. It looks again at once, where a step would wait for the watch."""
    end = time.monotonic() + within
    while True:
        try:
            return call()
        except NotYet as waiting:
            if time.monotonic() > end:
                raise AssertionError(f"still {waiting.reason} {waiting.blockers}") from waiting
