"""Loads what is asked for together at once, for everybody who asks."""

import asyncio
from collections.abc import Awaitable, Hashable, Iterable
from typing import Generic, TypeVar, cast

from strawberry.dataloader import DataLoader

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Loader(DataLoader[K, T], Generic[K, T]):
    """Whoever waits for a value may be cancelled without a loss for others that wait for the same one.

    Different subscriptions share what is loaded for an event, and each of them may end at any time. Strawberry's own
    futures are cancelled together with the first who waits, and a batch that is left by all before it was dispatched is
    never dispatched, not even for those who come after that.
    """

    def load(self, key: K) -> Awaitable[T]:
        return asyncio.shield(super().load(key))

    async def load_many(self, keys: Iterable[K]) -> list[T]:
        """Raises what the first of those raised that failed. What is asked for together is there together."""
        values = cast("list[asyncio.Future[T]]", list(map(super().load, keys)))
        for value in values:
            if not value.done():
                await asyncio.wait([value])
        failures = [value.exception() for value in values]
        if any(failures):
            raise next(filter(None, failures))
        return [value.result() for value in values]
