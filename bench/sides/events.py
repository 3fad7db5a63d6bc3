"""Events, handed to everybody who follows them."""

import asyncio
from collections.abc import AsyncIterator

from bench.sides.memory import PhaseTransition, transition


class Events:
    """What `/emit` rings, and subscriptions listen to."""

    def __init__(self) -> None:
        self.followers: set[Following] = set()

    async def emit(self, number: int) -> None:
        for follower in self.followers:
            follower.queue.put_nowait(number)


class Following(AsyncIterator[PhaseTransition]):
    """One follower, with a queue of its own."""

    def __init__(self, events: Events) -> None:
        self.queue = asyncio.Queue[int]()
        self._events = events
        events.followers.add(self)

    async def __anext__(self) -> PhaseTransition:
        return transition(await self.queue.get())

    async def aclose(self) -> None:
        self._events.followers.discard(self)
