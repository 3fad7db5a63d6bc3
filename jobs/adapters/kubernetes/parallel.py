"""Independent calls side by side."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from jobs.errors import Permanent, Transient

T = TypeVar("T")
R = TypeVar("R")

_THREADS = 8


def in_parallel(call: Callable[[T], R], things: Sequence[T]) -> list[R | Transient | Permanent]:
    """What `call` gave for each of the things, in their order; what it raised stands in the place of its result."""

    def caught(thing: T) -> R | Transient | Permanent:
        try:
            return call(thing)
        except (Transient, Permanent) as refusal:
            return refusal

    if len(things) < 2:
        return [caught(thing) for thing in things]
    with ThreadPoolExecutor(min(_THREADS, len(things)), thread_name_prefix="kubernetes") as pool:
        return list(pool.map(caught, things))


def raised(results: Sequence[R | Transient | Permanent]) -> list[R]:
    """The results of calls that all must succeed. Raises the first error, those that are final before the others."""
    errors = [one for one in results if isinstance(one, Transient | Permanent)]
    for error in sorted(errors, key=lambda one: isinstance(one, Transient)):
        raise error
    return [one for one in results if not isinstance(one, Transient | Permanent)]
