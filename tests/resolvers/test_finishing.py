"""A mutation ends as it would have, whatever becomes of the client that sent it."""

import asyncio

import pytest

from resolvers.finishing import Finishing

pytestmark = pytest.mark.anyio


async def test_a_client_that_goes_away_does_not_stop_its_mutation() -> None:
    mutations, begun, go_on, done = Finishing(), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def mutation() -> None:
        begun.set()
        await go_on.wait()
        done.set()

    asked = asyncio.create_task(mutations.run(mutation()))
    await begun.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    ending = asyncio.create_task(mutations.wait())
    await asyncio.sleep(0)
    assert not ending.done()
    go_on.set()
    await ending

    assert done.is_set()


async def test_what_it_raises_reaches_who_asked() -> None:
    async def mutation() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError):
        await Finishing().run(mutation())
