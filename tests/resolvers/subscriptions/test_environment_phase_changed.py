"""environmentPhaseChanged: each transition once, in order, none missing."""

from base64 import urlsafe_b64encode

import pytest
from sqlmodel import col, delete

from models.environment import PhaseTransition
from models.reads.cursors import Cursor, cursor_of
from models.vocabulary import EnvironmentPhase
from tests.resolvers.conftest import RedisServer
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running
from tests.resolvers.subscriptions.following import ENVIRONMENT, Changer, following

pytestmark = pytest.mark.anyio

ACTIVE, UPDATING = EnvironmentPhase.ACTIVE, EnvironmentPhase.UPDATING
DESTROY = (EnvironmentPhase.DESTROYING, EnvironmentPhase.DESTROYED)


@pytest.fixture
def changer(api: Api, redis_server: RedisServer) -> Changer:
    return Changer(running(api), redis_server.url)


async def test_the_latest_first_and_then_what_happens(api: Api, changer: Changer) -> None:
    async with following(api.url, ENVIRONMENT, id=changer.seeded.environment_id) as followed:
        first = await followed.next()
        assert (first["sequence"], first["previous"], first["phase"]) == (2, "INITIALIZING", "ACTIVE")
        assert first["environment"] == {"id": changer.seeded.environment_id}
        phases = changer.move(UPDATING, ACTIVE, UPDATING)
        seen = [await followed.next() for _ in phases]
        assert [(one["sequence"], one["phase"]) for one in seen] == list(enumerate(phases, 3))
        await followed.socket.alive()


async def test_everything_behind_the_cursor(api: Api, changer: Changer) -> None:
    changer.move(UPDATING, ACTIVE)
    cursor = cursor_of(changer.transitions()[0])
    async with following(api.url, ENVIRONMENT, id=changer.seeded.environment_id, after=cursor) as followed:
        assert [(await followed.next())["sequence"] for _ in range(3)] == [2, 3, 4]
        changer.move(UPDATING)
        last = await followed.next()
        assert last["sequence"] == 5
    changer.move(ACTIVE)
    async with following(api.url, ENVIRONMENT, id=changer.seeded.environment_id, after=last["cursor"]) as again:
        assert (await again.next())["sequence"] == 6
        await again.socket.alive()


async def test_a_long_absence(api: Api, changer: Changer) -> None:
    changer.move(*(UPDATING, ACTIVE) * 130)
    cursor = cursor_of(changer.transitions()[0])
    async with following(api.url, ENVIRONMENT, id=changer.seeded.environment_id, after=cursor) as followed:
        assert [(await followed.next())["sequence"] for _ in range(261)] == list(range(2, 263))
        await followed.socket.alive()


async def test_completes_after_destroyed(api: Api, changer: Changer) -> None:
    id_ = changer.seeded.environment_id
    async with following(api.url, ENVIRONMENT, id=id_) as followed:
        await followed.next()
        changer.move(*DESTROY)
        assert [(await followed.next())["phase"] for _ in DESTROY] == ["DESTROYING", "DESTROYED"]
        await followed.completed()
    before, last = changer.transitions()[-2:]
    async with following(api.url, ENVIRONMENT, id=id_) as latest:
        assert (await latest.next())["phase"] == "DESTROYED"
        await latest.completed()
    async with following(api.url, ENVIRONMENT, id=id_, after=cursor_of(before)) as behind:
        assert (await behind.next())["phase"] == "DESTROYED"
        await behind.completed()
    async with following(api.url, ENVIRONMENT, id=id_, after=cursor_of(last)) as nothing:
        await nothing.completed()


@pytest.mark.parametrize("id_", ["env_000000000000000000000000", "prj_1", "", "\0"])
async def test_what_is_not_there(api: Api, id_: str) -> None:
    async with following(api.url, ENVIRONMENT, id=id_) as followed:
        error = await followed.error()
        assert error["extensions"]["code"] == "NOT_FOUND"
        assert "environmentId" in error["message"]
        await followed.socket.alive()


async def test_cursors_that_say_to_start_over(api: Api, changer: Changer) -> None:
    id_ = changer.seeded.environment_id
    first, latest = changer.transitions()
    other = Cursor("env_1", 1, latest.project_id, 1).encode()
    changer.move(UPDATING, ACTIVE)
    with api.database.writing() as session:
        statement = delete(PhaseTransition).where(col(PhaseTransition.environment_id) == id_)
        session.exec(statement.where(col(PhaseTransition.sequence) < 4))
    for cursor, code in (
        ("", "CURSOR_INVALID"),
        ("nonsense", "CURSOR_INVALID"),
        (urlsafe_b64encode(b"[1]").decode(), "CURSOR_INVALID"),
        (other, "CURSOR_INVALID"),
        (cursor_of(first), "CURSOR_EXPIRED"),
        (Cursor(id_, 9, latest.project_id, 9).encode(), "CURSOR_AHEAD"),
    ):
        async with following(api.url, ENVIRONMENT, id=id_, after=cursor) as followed:
            error = await followed.error()
            assert error["extensions"]["code"] == code, cursor
            assert "subscribe again without `after`" in error["message"]
