"""Clients that follow a subscription of the API."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from jobs.queue import Queue, Ring, connect
from models.environment import Environment, PhaseTransition
from models.installation import read_installation, redis_namespace
from models.phases import move
from models.vocabulary import EnvironmentPhase
from tests.jobs.seeds import Seed
from tests.resolvers.transport.running import Socket, at

ENVIRONMENT = """subscription ($id: ID!, $after: String) {
  environmentPhaseChanged(environmentId: $id, after: $after) { sequence cursor previous phase environment { id } }
}"""
PROJECT = """subscription ($id: ID!, $after: String) {
  projectPhaseChanged(projectId: $id, after: $after) { sequence cursor previous phase environment { id } }
}"""
OPERATION = """subscription ($id: ID!) {
  operationProgressed(operationId: $id) { status steps { name status message } }
}"""


@asynccontextmanager
async def following(url: str, document: str, **variables: object) -> AsyncGenerator["Followed"]:
    """A subscription on a WebSocket of its own."""
    async with at(f"{url.replace('http', 'ws', 1)}/graphql", max_queue=None) as socket:
        await socket.init()
        await socket.subscribe("1", document, variables=variables)
        yield Followed(socket)


class Followed:
    """What comes over one subscription."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket

    async def next(self) -> dict[str, Any]:
        """The value of the only field of the next response."""
        [value] = (await self.socket.data("1")).values()
        return value

    async def completed(self) -> None:
        assert await self.socket.receive() == {"id": "1", "type": "complete"}

    async def error(self) -> dict[str, Any]:
        """The error that ends it."""
        message = await self.socket.receive()
        assert message["type"] == "error", message
        [error] = message["payload"]
        return error


class Changer:
    """Changes a seeded environment as workers do, and rings."""

    def __init__(self, seeded: Seed, redis_url: str) -> None:
        self.seeded = seeded
        with seeded.database.writing() as session:
            namespace = redis_namespace(read_installation(session))
        self.queue = Queue(connect(redis_url), namespace)

    @property
    def project_id(self) -> str:
        return self.seeded.environment().project_id

    def move(self, *phases: EnvironmentPhase) -> list[str]:
        """Moves on, a transaction each; returns the phases."""
        for phase in phases:
            with self.seeded.database.writing() as session:
                environment = session.get_one(Environment, self.seeded.environment_id, with_for_update=True)
                move(session, environment, phase)
            self.ring()
        return [phase.value for phase in phases]

    def ring(self, operation: str | None = None) -> None:
        self.queue.ring(Ring(self.seeded.environment_id, self.project_id, operation))

    def transitions(self) -> list[PhaseTransition]:
        with self.seeded.database.reading() as session:
            return [
                session.get_one(PhaseTransition, (self.seeded.environment_id, sequence))
                for sequence in range(1, self.seeded.environment().last_sequence + 1)
            ]
