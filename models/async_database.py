"""The database for the API process: runs the same sync functions, each in a thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlmodel import Session

from models.database import CONNECTIONS, Database, open_database

P = ParamSpec("P")
R = TypeVar("R")

#: How long a call waits for others to end, in seconds.
PATIENCE = 30.0
#: What the names of its threads begin with.
THREADS = "database"


class AsyncDatabase:
    """At most `CONNECTIONS` functions are under way at once. Calls raise `models.database.AWAY`.

    A call that is cancelled leaves its function running: its transaction commits, or not at all, and its connection
    goes back when it has ended.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix=THREADS)
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def read(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        def reading() -> R:
            with self._database.reading() as session:
                return function(session, *args, **kwargs)

        return await self._run(reading)

    async def write(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs `function` in a transaction that commits when it returns, or not at all."""

        def writing() -> R:
            with self._database.writing() as session:
                return function(session, *args, **kwargs)

        return await self._run(writing)

    async def close(self) -> None:
        """Waits for what is under way."""
        await asyncio.to_thread(self._threads.shutdown)
        self._database.close()

    async def _run(self, work: Callable[[], R]) -> R:
        await self._find_room()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        under_way = self._threads.submit(work)
        under_way.add_done_callback(lambda ended: loop.call_soon_threadsafe(self._give, ended, answer))
        return await answer

    def _give(self, ended: Future[R], answer: asyncio.Future[R]) -> None:
        """There is room again when a function has ended, not when its call was cancelled."""
        self._room.release()
        if answer.cancelled():
            return
        error = ended.exception()
        if error is None:
            answer.set_result(ended.result())
        else:
            answer.set_exception(error)

    async def _find_room(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._room.acquire()
        except TimeoutError:
            raise PoolExhausted(f"{CONNECTIONS} others have been under way for {PATIENCE:.0f} seconds") from None


def open_async_database(text: str) -> AsyncDatabase:
    return AsyncDatabase(open_database(text))
