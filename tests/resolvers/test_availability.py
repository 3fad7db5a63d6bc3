"""What the API answers while Redis or the database is away."""

from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest
from graphql import GraphQLError
from sqlmodel import Session, select, text

from models.async_database import open_async_database
from models.database import open_database
from models.migrate import upgrade
from models.operation import Operation
from resolvers.failures import unavailability_told
from tests.jobs.seeds import seed
from tests.postgresql import Postgresql
from tests.redis_server import RedisServer
from tests.resolvers.mutating import document, mutate
from tests.resolvers.running_api import Api, serving


@pytest.fixture(scope="module")
def own_postgresql() -> Generator[Postgresql]:
    """A server that may be halted."""
    server = Postgresql()
    yield server
    server.stop()


@pytest.fixture
def on_postgresql(own_postgresql: Postgresql, redis_server: RedisServer) -> Generator[Api]:
    url = own_postgresql.new_database()
    database = open_database(url)
    upgrade(database)
    with serving(database, url, redis_server.url) as served:
        yield served
    database.close()


def test_a_mutation_is_accepted_while_redis_is_away(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/phaseline.db"
    database = open_database(url)
    upgrade(database)
    staging = seed(database, "web")

    with serving(database, url, "redis://127.0.0.1:1/0") as api:
        answer = mutate(api, "deleteService", serviceId=staging.service_ids["web"], confirm=True)

    assert answer["__typename"] == "DeleteServiceAccepted"
    assert staging.operation(answer["operation"]["id"]).status == "QUEUED"
    database.close()


def test_while_the_database_is_away_everything_says_so_and_nothing_is_half_done(
    on_postgresql: Api, own_postgresql: Postgresql
) -> None:
    api = on_postgresql
    staging = seed(api.database, "web")
    asked = {"serviceId": staging.service_ids["web"], "confirm": True, "idempotencyKey": "k"}
    api.database.close()

    own_postgresql.halt()
    query, mutation = api.error("{ projects { nodes { id } } }"), api.error(document("deleteService"), input=asked)
    ready, alive = api.client.get("/readyz").status_code, api.client.get("/healthz").status_code
    own_postgresql.start()

    assert query["extensions"]["code"] == mutation["extensions"]["code"] == "UNAVAILABLE"
    assert "psycopg" not in query["message"] + mutation["message"]
    assert (ready, alive) == (503, 200)
    with api.database.reading() as session:
        assert session.exec(select(Operation)).all() == []
    assert mutate(api, "deleteService", **asked)["__typename"] == "DeleteServiceAccepted"
    assert api.client.get("/readyz").status_code == 200


@pytest.mark.anyio
async def test_a_transaction_that_the_server_ended_is_no_defect(own_postgresql: Postgresql) -> None:
    """As it happens to a process that gets no time on its machine."""
    url = own_postgresql.new_database()
    database = open_async_database(url)

    def idle(session: Session) -> None:
        session.connection().execute(text("SET LOCAL idle_in_transaction_session_timeout = '1ms'"))
        mine: int = session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
        with psycopg.connect(url, autocommit=True) as other:
            while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [mine]).fetchone():
                pass
        session.connection().execute(text("SELECT 1"))

    with pytest.raises(GraphQLError) as told, unavailability_told():
        await database.write(idle)
    await database.close()

    assert (told.value.extensions or {})["code"] == "UNAVAILABLE"
