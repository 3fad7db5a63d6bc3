"""Lets mutations run to their end when whoever asked for them has gone: what is committed is announced too."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

R = TypeVar("R")


class Finishing:
    """The mutations that are under way in this process."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self, mutation: Coroutine[Any, Any, R]) -> R:
        """What it returns or raises; cancelling this does not cancel the mutation."""
        task = asyncio.create_task(mutation)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def wait(self) -> None:
        """Returns when none is under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
