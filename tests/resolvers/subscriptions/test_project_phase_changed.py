"""projectPhaseChanged: every environment of a project, those created later too."""

import pytest

from models.environment import Environment
from models.phases import move
from models.project import Project
from models.reads.cursors import cursor_of
from models.vocabulary import EnvironmentPhase
from tests.jobs.seeds import Seed
from tests.resolvers.conftest import RedisServer
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running, unused_name
from tests.resolvers.subscriptions.following import PROJECT, Changer, following

pytestmark = pytest.mark.anyio

ACTIVE, UPDATING = EnvironmentPhase.ACTIVE, EnvironmentPhase.UPDATING


@pytest.fixture
def changer(api: Api, redis_server: RedisServer) -> Changer:
    return Changer(running(api), redis_server.url)


def one_more(changer: Changer, redis_server: RedisServer) -> Changer:
    """Another environment of the same project, INITIALIZING."""
    with changer.seeded.database.writing() as session:
        name = unused_name()
        row = Environment(project_id=changer.project_id, name=name, cluster="local", namespace=name)
        session.add(row)
        session.flush()
        move(session, row, EnvironmentPhase.INITIALIZING)
    return Changer(Seed(changer.seeded.database, row.id, {}), redis_server.url)


async def test_the_latest_of_each_and_then_what_happens(api: Api, changer: Changer, redis_server: RedisServer) -> None:
    other = one_more(changer, redis_server)
    changer.move(UPDATING)
    async with following(api.url, PROJECT, id=changer.project_id) as followed:
        present = [await followed.next() for _ in range(2)]
        assert [(one["environment"]["id"], one["sequence"]) for one in present] == [
            (other.seeded.environment_id, 1),
            (changer.seeded.environment_id, 3),
        ]
        changer.move(ACTIVE)
        other.move(ACTIVE)
        late = one_more(changer, redis_server)
        late.ring()
        happened = [await followed.next() for _ in range(3)]
        assert [(one["environment"]["id"], one["sequence"]) for one in happened] == [
            (changer.seeded.environment_id, 4),
            (other.seeded.environment_id, 2),
            (late.seeded.environment_id, 1),
        ]
        late.move(EnvironmentPhase.DESTROYING, EnvironmentPhase.DESTROYED)
        assert [(await followed.next())["phase"] for _ in range(2)] == ["DESTROYING", "DESTROYED"]
        await followed.socket.alive()


async def test_everything_behind_a_cursor_of_either_stream(
    api: Api, changer: Changer, redis_server: RedisServer
) -> None:
    cursor = cursor_of(changer.transitions()[0])
    other = one_more(changer, redis_server)
    other.move(ACTIVE)
    async with following(api.url, PROJECT, id=changer.project_id, after=cursor) as followed:
        seen = [await followed.next() for _ in range(3)]
        assert [one["phase"] for one in seen] == ["ACTIVE", "INITIALIZING", "ACTIVE"]
        changer.move(UPDATING)
        assert (await followed.next())["phase"] == "UPDATING"


async def test_a_project_without_environments(api: Api, changer: Changer, redis_server: RedisServer) -> None:
    with api.database.writing() as session:
        project = Project(name=unused_name())
        session.add(project)
    async with following(api.url, PROJECT, id=project.id) as followed:
        await followed.socket.alive()
    async with following(api.url, PROJECT, id=project.id, after=cursor_of(changer.transitions()[0])) as foreign:
        assert (await foreign.error())["extensions"]["code"] == "CURSOR_INVALID"
    async with following(api.url, PROJECT, id="prj_0") as nothing:
        assert (await nothing.error())["extensions"]["code"] == "NOT_FOUND"
