"""What happens is read from the database once a process, however many follow it and whatever they select."""

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import Connection, Engine, event

from models.vocabulary import EnvironmentPhase
from tests.resolvers.conftest import RedisServer
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running
from tests.resolvers.subscriptions.following import Changer, following

pytestmark = pytest.mark.anyio

FOLLOWERS = 25


@pytest.fixture
def statements() -> Generator[Counter[str]]:
    """How often transitions were read, and environments by their ids."""
    counted = Counter[str]()

    def count(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT") and "JOIN phase_transition" in statement:
            counted["transitions"] += 1
        if statement.startswith("SELECT") and "environment.id IN" in statement:
            counted["environments"] += 1

    event.listen(Engine, "before_cursor_execute", count)
    yield counted
    event.remove(Engine, "before_cursor_execute", count)


@pytest.mark.parametrize("alike", [True, False], ids=["alike", "each another selection"])
async def test_however_many_follow(api: Api, redis_server: RedisServer, statements: Counter[str], alike: bool) -> None:
    changer = Changer(running(api), redis_server.url)
    async with AsyncExitStack() as clients:
        followers = [
            await clients.enter_async_context(
                following(api.url, _document("same" if alike else f"a{number}"), id=changer.seeded.environment_id)
            )
            for number in range(FOLLOWERS)
        ]
        for follower in followers:
            await follower.next()
            await follower.socket.alive()
        statements.clear()
        changer.move(EnvironmentPhase.UPDATING)
        seen = await asyncio.gather(*(follower.next() for follower in followers))
        assert [next(iter(one.values())) for one in seen] == [3] * FOLLOWERS
    # A ring may come twice: each is a look
    assert statements["environments"] == 1
    assert 1 <= statements["transitions"] <= 2


def _document(alias: str) -> str:
    return (
        "subscription ($id: ID!) { environmentPhaseChanged(environmentId: $id) "
        f"{{ {alias}: sequence environment {{ name }} }} }}"
    )
