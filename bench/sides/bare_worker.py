"""A dramatiq worker that does nothing: `dramatiq bench.sides.bare_worker:boot`. Counts its messages in Redis."""

import os

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker

NAMESPACE = "bare"
DONE = "bare:done"
NOTHING = "nothing"


def bare_broker(url: str) -> RedisBroker:
    return RedisBroker(client=redis.Redis.from_url(url), namespace=NAMESPACE)  # pyright: ignore[reportUnknownMemberType]


def boot() -> RedisBroker:
    url = os.environ["REDIS_URL"]
    broker = bare_broker(url)
    client = redis.Redis.from_url(url)  # pyright: ignore[reportUnknownMemberType]
    dramatiq.set_broker(broker)

    def nothing() -> None:
        client.incr(DONE)

    dramatiq.actor(actor_name=NOTHING, broker=broker)(nothing)
    return broker
