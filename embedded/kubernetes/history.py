"""What changed lately, for watches: the newest changes, and a bell for each new one."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal

from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resource

#: How many changes are kept. Who has not seen an older one has to list again.
KEPT = 20_000


@dataclass(frozen=True)
class Change:
    type: Literal["ADDED", "MODIFIED", "DELETED"]
    resource: Resource
    #: As it is now; of a deleted object its last state, with the resourceVersion of the deletion.
    object: Object
    before: Object | None
    version: int


class Expired(Exception):
    """The changes after a version are not kept any more."""

    def __init__(self, version: int, oldest: int) -> None:
        super().__init__(f"too old resource version: {version} ({oldest})")


class History:
    def __init__(self, version: int) -> None:
        self._changes: list[Change] = []
        #: The number of the first change kept, counted from the start of this process.
        self._first = 0
        #: The version before the first change kept.
        self._floor = version
        self._bell = asyncio.Event()
        self._closed = False

    def append(self, change: Change) -> None:
        self._changes.append(change)
        if len(self._changes) > 2 * KEPT:
            self._floor = self._changes[KEPT - 1].version
            del self._changes[:KEPT]
            self._first += KEPT
        self._ring()

    def close(self) -> None:
        """Ends everybody who follows."""
        self._closed = True
        self._ring()

    async def follow(self, version: int, seconds: float, pulse: float) -> AsyncGenerator[Sequence[Change]]:
        """The changes after `version`, in order, as they come, for so many seconds; none after `pulse` of silence.

        Nothing is kept for who follows: however slow, it costs no memory. Raises Expired, at the start or when one
        falls behind.
        """
        if version < self._floor:
            raise Expired(version, self._floor)
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        place = self._first + bisect_right(self._changes, version, key=lambda change: change.version)
        while not self._closed and loop.time() < end:
            if place < self._first:
                raise Expired(version, self._floor)
            bell, fresh = self._bell, self._changes[place - self._first :]
            place += len(fresh)
            if fresh:
                version = fresh[-1].version
                yield fresh
            elif not await _rings(bell, min(pulse, end - loop.time())):
                yield ()

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()


async def _rings(bell: asyncio.Event, seconds: float) -> bool:
    """Whether it rings within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            return await bell.wait()
    except TimeoutError:
        return False
