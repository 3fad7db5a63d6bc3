"""The sync functions of the models, asked for from a loop."""

import asyncio
import threading
from collections.abc import AsyncGenerator

import psycopg
import pytest
from sqlmodel import Session, select, text, update

import models.async_database
from models.async_database import AsyncDatabase
from models.database import AWAY, CONNECTIONS, Database, open_database
from models.installation import read_installation
from models.operation import Installation
from tests.postgresql import Postgresql

pytestmark = pytest.mark.anyio


@pytest.fixture
async def threaded(database: Database) -> AsyncGenerator[AsyncDatabase]:
    with database.writing() as session:
        read_installation(session)
    threaded = AsyncDatabase(database)
    yield threaded
    await threaded.close()


class Held:
    """Holds functions up until the test lets them go on."""

    def __init__(self) -> None:
        self.began = threading.Semaphore(0)
        self._over = threading.Event()

    def rename(self, session: Session, token: str) -> None:
        session.exec(update(Installation).values(token=token))
        self.look(session)

    def look(self, session: Session) -> str:
        token = session.exec(select(Installation.token)).one()
        self.began.release()
        self._over.wait()
        return token

    async def has_begun(self) -> None:
        await asyncio.to_thread(self.began.acquire)

    def let_go(self) -> None:
        self._over.set()


async def test_a_cancelled_write_is_carried_through(threaded: AsyncDatabase, database: Database) -> None:
    held = Held()
    write = asyncio.create_task(threaded.write(held.rename, "renamed"))
    await held.has_begun()

    write.cancel()
    with pytest.raises(asyncio.CancelledError):
        await write
    held.let_go()
    await threaded.close()

    with database.reading() as session:
        assert session.exec(select(Installation.token)).one() == "renamed"


async def test_a_write_that_raises_leaves_nothing(threaded: AsyncDatabase) -> None:
    def fail(session: Session) -> None:
        session.exec(update(Installation).values(token="half done"))
        raise LookupError

    with pytest.raises(LookupError):
        await threaded.write(fail)

    assert await threaded.read(lambda session: session.exec(select(Installation.token)).one()) != "half done"


async def test_what_was_cancelled_takes_room_until_it_has_ended(
    threaded: AsyncDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held()
    calls = [asyncio.create_task(threaded.read(held.look)) for _ in range(CONNECTIONS)]
    for _ in calls:
        await held.has_begun()
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)

    waiting = asyncio.create_task(threaded.read(held.look))
    await asyncio.sleep(0)
    monkeypatch.setattr(models.async_database, "PATIENCE", 0.01)
    with pytest.raises(AWAY):
        await threaded.read(held.look)
    held.let_go()

    assert await waiting == await threaded.read(held.look)


async def test_a_connection_that_the_server_closed_is_not_used(postgresql: Postgresql) -> None:
    url = postgresql.new_database()
    threaded = AsyncDatabase(open_database(url))

    def pid(session: Session) -> int:
        return session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()

    before = await threaded.read(pid)
    assert await threaded.read(pid) == before
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])

    assert await threaded.read(pid) != before
    await threaded.close()


async def test_a_read_leaves_no_transaction_open_on_the_server(postgresql: Postgresql) -> None:
    url = postgresql.new_database()
    threaded = AsyncDatabase(open_database(url))
    state = "SELECT state FROM pg_stat_activity WHERE pid = %s"

    def look(session: Session) -> list[str]:
        pid: int = session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
        with psycopg.connect(url, autocommit=True) as other:
            return [row[0] for row in other.execute(state, [pid]).fetchall()]

    assert await threaded.read(look) == ["idle"]
    assert await threaded.write(look) == ["idle in transaction"]
    assert await threaded.read(look) == ["idle"]
    await threaded.close()
