"""What one API process holds open, from its start to its end."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from jobs.queue import AsyncQueue, Queue, bell_channel, connect
from models.async_database import AsyncDatabase
from models.installation import read_installation, redis_namespace
from models.sealing import Sealer
from resolvers.doorbell import Doorbell, doorbell_at
from resolvers.failures import unavailability_told
from resolvers.finishing import Finishing
from resolvers.mutation_rate import MutationRate
from resolvers.subscriptions.live import Live

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Process:
    database: AsyncDatabase
    queue: AsyncQueue
    doorbell: Doorbell
    live: Live
    sealer: Sealer
    #: The clusters' names; the first is the default.
    clusters: tuple[str, ...]
    mutation_rate: MutationRate
    mutations: Finishing = field(default_factory=Finishing)

    async def read(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Raises GraphQLError with the code UNAVAILABLE when the database is away."""
        with unavailability_told():
            return await self.database.read(function, *args, **kwargs)

    async def write(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """One transaction. Raises GraphQLError with the code UNAVAILABLE when the database is away."""
        with unavailability_told():
            return await self.database.write(function, *args, **kwargs)


@asynccontextmanager
async def process_with(
    database: AsyncDatabase, redis_url: str, sealer: Sealer, clusters: tuple[str, ...], mutations_per_minute: int
) -> AsyncGenerator[Process]:
    """Closes the database too. Raises SQLAlchemyError when it can't be read."""
    redis = connect(redis_url)
    try:
        namespace = redis_namespace(await database.write(read_installation))
        queue = AsyncQueue(Queue(redis, namespace))
        async with (
            doorbell_at(redis_url, bell_channel(namespace)) as doorbell,
            aclosing(MutationRate(redis_url, namespace, mutations_per_minute)) as rate,
        ):
            process = Process(database, queue, doorbell, Live(database, doorbell), sealer, clusters, rate)
            try:
                yield process
            finally:
                await process.mutations.wait()
    finally:
        redis.close()
        await database.close()
