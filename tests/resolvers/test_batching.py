"""What is loaded together: nobody's end is another's loss."""

import asyncio
import gc
from typing import Any

import pytest

from resolvers.batching import Loader

pytestmark = pytest.mark.anyio


class Source:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def load(self, keys: list[str]) -> list[str]:
        self.asked.append(keys)
        self.is_asked.set()
        await self.may_answer.wait()
        return [key.upper() for key in keys]


async def ended(task: asyncio.Task[str]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_one_who_goes_leaves_the_value_to_the_others() -> None:
    source = Source()
    loader = Loader(source.load)

    async def wait() -> str:
        return await loader.load("a")

    first, second = asyncio.create_task(wait()), asyncio.create_task(wait())
    await source.is_asked.wait()

    await ended(first)
    source.may_answer.set()

    assert await second == "A"
    assert await loader.load("a") == "A"
    assert source.asked == [["a"]]


@pytest.mark.parametrize("count", range(6))
async def test_whoever_asks_after_the_first_has_gone_is_answered(count: int) -> None:
    """At each moment around that at which the first one's batch is dispatched."""
    source = Source()
    source.may_answer.set()
    loader = Loader(source.load)

    async def wait() -> str:
        return await loader.load("a")

    first = asyncio.create_task(wait())
    for _ in range(count):
        await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)

    async with asyncio.timeout(10):
        assert await loader.load("a") == "A"
        assert await loader.load("b") == "B"


async def test_of_many_failures_the_first_is_raised_and_no_other_is_called_unheard() -> None:
    """asyncio would log an error for each that nobody has asked for."""
    unheard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: unheard.append(context))

    async def load(keys: list[str]) -> list[str | BaseException]:
        return [LookupError(key) for key in keys]

    async def told() -> str:
        try:
            return str(await Loader[str, str](load).load_many(["a", "b", "c"]))
        except LookupError as error:
            return str(error)

    assert await told() == "a"
    await asyncio.sleep(0)  # for the loop to let go of it
    gc.collect()
    assert unheard == []
