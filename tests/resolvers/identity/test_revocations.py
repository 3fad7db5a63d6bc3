"""Streams end by the answer about their own token, whenever they begin."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from models.async_database import AsyncDatabase
from resolvers.identity.revocations import Revocations

pytestmark = pytest.mark.anyio


class Asked(AsyncDatabase):
    """The test answers what it is asked."""

    def __init__(self) -> None:
        object.__setattr__(self, "questions", asyncio.Queue[tuple[set[str], asyncio.Future[set[str]]]]())

    questions: asyncio.Queue[tuple[set[str], asyncio.Future[set[str]]]]

    async def read(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        answer = asyncio.get_running_loop().create_future()
        self.questions.put_nowait((set(args[0]), answer))
        return await answer


async def test_a_stream_that_begins_while_the_database_is_asked_is_not_ended() -> None:
    database = Asked()
    revocations = Revocations(database, 0.001)
    first = asyncio.create_task(revocations.ended("one"))
    about, answer = await database.questions.get()
    second = asyncio.create_task(revocations.ended("other"))
    await asyncio.sleep(0)
    answer.set_result(about)

    about, answer = await database.questions.get()

    assert about == {"one", "other"}
    assert not first.done()
    assert not second.done()
    answer.set_result({"other"})
    await asyncio.wait_for(first, 5)
    assert not second.done()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


async def test_a_database_that_is_away_ends_nothing_and_is_asked_again() -> None:
    database = Asked()
    stream = asyncio.create_task(Revocations(database, 0.001).ended("one"))
    _, answer = await database.questions.get()
    answer.set_exception(OperationalError("", {}, Exception()))

    _, answer = await database.questions.get()

    assert not stream.done()
    answer.set_result(set())
    await asyncio.wait_for(stream, 5)


async def test_nobody_asks_when_there_is_no_stream() -> None:
    database = Asked()
    before = asyncio.all_tasks()
    stream = asyncio.create_task(Revocations(database, 0.001).ended("one"))
    await database.questions.get()
    assert len(asyncio.all_tasks() - before) == 2
    stream.cancel()
    await asyncio.gather(stream, return_exceptions=True)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
    assert database.questions.empty()
