"""Tells the streams of API tokens when theirs no longer holds, whichever process revoked it."""

import asyncio
from collections.abc import Collection

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.async_database import AsyncDatabase
from models.reads.api_tokens import still_valid

log = structlog.get_logger("phaseline.identity")


class Revocations:
    """One look at the database every few seconds, for all streams of this process together, while there are any."""

    def __init__(self, database: AsyncDatabase, seconds: float) -> None:
        self._database = database
        self._seconds = seconds
        self._waiting: dict[asyncio.Future[None], str] = {}
        self._looking: asyncio.Task[None] | None = None

    async def ended(self, token_id: str) -> None:
        """Returns when the token is revoked or has expired."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting[waiter] = token_id
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            await waiter
        finally:
            del self._waiting[waiter]
            if not self._waiting:
                self._stop()

    def _stop(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            asked = set(self._waiting.values())
            try:
                valid = await self._database.read(still_valid, asked)
            except SQLAlchemyError as error:
                # Without the database nothing new reaches a stream either
                log.warning("can't look whether API tokens are revoked", error=type(error).__name__)
            else:
                self._release(asked - valid)

    def _release(self, over: Collection[str]) -> None:
        """Streams that began while the database was asked are not among those it was asked about."""
        for waiter, token_id in self._waiting.items():
            if token_id in over and not waiter.done():
                waiter.set_result(None)
