"""What one API process holds open, from its start to its end."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from jobs.queue import AsyncQueue, Queue, bell_channel, connect
from models.database import AsyncDatabase, open_async_database
from models.installation import read_installation, redis_namespace
from models.sealing import Sealer
from resolvers.doorbell import Doorbell, doorbell_at
from resolvers.settings import ApiSettings
from resolvers.subscriptions.live import Live


@dataclass(frozen=True)
class Process:
    database: AsyncDatabase
    queue: AsyncQueue
    doorbell: Doorbell
    live: Live
    sealer: Sealer
    #: The clusters' names; the first is the default.
    clusters: tuple[str, ...]


@asynccontextmanager
async def process_with(settings: ApiSettings) -> AsyncGenerator[Process]:
    """Raises ValueError for keys that can't be used, and SQLAlchemyError when the database can't be read."""
    sealer = Sealer(settings.secrets_key.get_secret_value())
    database = open_async_database(settings.database_url)
    redis = connect(settings.redis_url)
    try:
        namespace = redis_namespace(await database.write(read_installation))
        queue = AsyncQueue(Queue(redis, namespace))
        async with doorbell_at(settings.redis_url, bell_channel(namespace)) as doorbell:
            yield Process(database, queue, doorbell, Live(database, doorbell), sealer, tuple(settings.clusters))
    finally:
        redis.close()
        await database.close()
