"""Every subscriber gets every transition once and in order, whoever drops, dies or restarts meanwhile.

Real processes: two of the API, two that change environments; a Redis that is killed; clients that come and go.
"""

import asyncio
import os
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Generator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from models.database import Database
from models.environment import Environment
from models.phases import move
from models.project import Project
from models.reads.transitions import environment_transitions
from models.sealing import generate_key
from models.vocabulary import EnvironmentPhase
from tests.resolvers.conftest import RedisServer
from tests.resolvers.subscriptions.following import ENVIRONMENT, PROJECT, following

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
ENVIRONMENTS = 3
TURNS = 60


@dataclass
class ApiProcess:
    """An API process that may be killed; its successor has another address."""

    settings: dict[str, str]
    url: str = ""
    process: subprocess.Popen[str] = field(init=False)

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.resolvers.subscriptions.api_process"]
        environment = {**os.environ, **self.settings}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)

    def await_start(self) -> None:
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().removeprefix('port ').strip()}"

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        _close(self.process.stdout)


def _close(stream: IO[str] | None) -> None:
    if stream is not None:
        stream.close()


@pytest.fixture
def apis(database_url: str, redis_server: RedisServer) -> Generator[list[ApiProcess]]:
    settings = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_server.url,
        "SECRETS_KEY": generate_key(),
        "LIMITS__CONNECTIONS_PER_CALLER": "1000",
    }
    apis = [ApiProcess(settings), ApiProcess(settings)]
    with ExitStack() as running:
        for api in apis:
            api.start()
            running.callback(api.stop)
        for api in apis:
            api.await_start()
        yield apis


@dataclass
class Client:
    """Reads a bit, drops the connection, comes back with its cursor, wherever it can."""

    apis: list[ApiProcess]
    document: str
    id: str
    chance: random.Random
    cursor: str | None = None
    #: The sequences of each environment, as they came.
    seen: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    destroyed: set[str] = field(default_factory=set[str])
    visits: int = 0
    #: Set with every transition.
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def has_seen(self, count: int) -> None:
        while sum(map(len, self.seen.values())) < count:
            self.news.clear()
            await self.news.wait()

    async def follow(self, until_destroyed: int) -> None:
        while len(self.destroyed) < until_destroyed:
            with suppress(OSError, ConnectionClosed, InvalidHandshake, EOFError):
                await self._visit(until_destroyed)
            await asyncio.sleep(self.chance.random() * 0.05)

    async def _visit(self, until_destroyed: int) -> None:
        self.visits += 1
        api = self.chance.choice(self.apis)
        async with following(api.url, self.document, id=self.id, after=self.cursor) as followed:
            for _ in range(self.chance.randint(1, 25)):
                transition = await followed.next()
                environment = transition["environment"]["id"]
                self.cursor = transition["cursor"]
                self.seen[environment].append(transition["sequence"])
                self.news.set()
                if transition["phase"] == "DESTROYED":
                    self.destroyed.add(environment)
                if len(self.destroyed) == until_destroyed:
                    return
            if self.chance.random() < 0.7:
                followed.socket.connection.transport.abort()


def add_environment(database: Database, project_id: str, name: str) -> str:
    with database.writing() as session:
        row = Environment(project_id=project_id, name=name, cluster="local", namespace=name)
        session.add(row)
        session.flush()
        move(session, row, EnvironmentPhase.INITIALIZING)
        return row.id


def start_writer(database_url: str, redis_url: str, seed: int, *environments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.resolvers.subscriptions.writer_process"]
    return subprocess.Popen([*command, database_url, redis_url, str(seed), str(TURNS), *environments], cwd=ROOT)


def transitions(database: Database, environment_id: str) -> list[int]:
    with database.reading() as session:
        return [row.sequence for row in environment_transitions(session, environment_id, 0, 10_000)]


@pytest.mark.parametrize("seed", [1])
async def test_every_transition_once_and_in_order(
    database: Database, database_url: str, redis_server: RedisServer, apis: list[ApiProcess], seed: int
) -> None:
    with database.writing() as session:
        project = Project(name="acme")
        session.add(project)
    environments = [add_environment(database, project.id, f"e{number}") for number in range(ENVIRONMENTS)]
    chance = random.Random(seed)
    of_environments = [
        Client(apis, ENVIRONMENT, id_, random.Random(chance.random())) for id_ in environments for _ in range(3)
    ]
    of_project = [Client(apis, PROJECT, project.id, random.Random(chance.random())) for _ in range(3)]
    with ExitStack() as running:
        async with asyncio.timeout(120), asyncio.TaskGroup() as clients:
            for client in of_environments:
                clients.create_task(client.follow(1))
            for client in of_project:
                clients.create_task(client.follow(ENVIRONMENTS + 1))
            for number in range(2):
                running.enter_context(start_writer(database_url, redis_server.url, seed + number, *environments))

            await of_project[0].has_seen(30)
            redis_server.kill()
            late = add_environment(database, project.id, "late")
            running.enter_context(start_writer(database_url, redis_server.url, seed, late))
            await of_project[0].has_seen(70)
            redis_server.start()
            apis[0].stop()
            apis[0].start()
            await asyncio.to_thread(apis[0].await_start)
            await of_project[0].has_seen(100)
            redis_server.kill()
            redis_server.start()

    history = {id_: transitions(database, id_) for id_ in (*environments, late)}
    for client in of_environments:
        [(id_, seen)] = client.seen.items()
        assert seen == history[id_][seen[0] - 1 :]
        assert client.visits > 1
    for client in of_project:
        assert client.seen == {id_: history[id_][client.seen[id_][0] - 1 :] for id_ in history}
        # It was created after they had begun to follow the project
        assert client.seen[late][0] == 1
