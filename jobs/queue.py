"""Hints for other processes: "look at this operation" to workers, "look again" to listeners.

The database is the truth. Every message may be lost, doubled or late, and losing Redis costs seconds, never data; so
nothing here raises when Redis is away.
"""

import asyncio
import contextlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

import dramatiq
import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

QUEUE = "operations"
#: An idle worker looks for messages this often. dramatiq's own second would be most of what an operation waits.
LOOK_MILLISECONDS = 20
CARRY_OUT = "carry_out"
ANSWER = "answer"

log = structlog.get_logger("phaseline.queue")


def connect(url: str) -> redis.Redis:
    """A client that gives up soon and never sends twice: an enqueue whose reply is lost must not be doubled."""
    return redis.Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
        url,
        socket_connect_timeout=1.0,
        socket_timeout=2.0,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=15,
    )


class _AttentiveBroker(RedisBroker):
    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> dramatiq.Consumer:
        """`timeout` is the longest pause between two looks. Nothing is ever delayed, so that queue is left alone."""
        return super().consume(queue_name, prefetch, LOOK_MILLISECONDS if queue_name == QUEUE else timeout)  # pyright: ignore


def make_broker(client: redis.Redis, namespace: str) -> RedisBroker:
    """A broker without middleware of its own: retries, delays and limits are ours, in the database.

    Claims are in the database, so a frequent maintenance and a short heartbeat can't run anything twice.
    """
    broker = _AttentiveBroker(
        client=client, namespace=namespace, middleware=[], heartbeat_timeout=5_000, maintenance_chance=1_000_000
    )
    broker.declare_queue(QUEUE)
    return broker


def bell_channel(namespace: str) -> str:
    """The Redis channel on which listeners are told that something changed."""
    return f"{namespace}:bell"


@dataclass(frozen=True)
class Ring:
    """What changed: the topics that listeners may have registered for."""

    environment: str | None = None
    project: str | None = None
    operation: str | None = None
    inquiry: str | None = None

    def encode(self) -> str:
        return json.dumps({topic: id_ for topic, id_ in vars(self).items() if id_ is not None})


def topics_of(encoded: bytes | str) -> Collection[str]:
    """The ids in an encoded ring; none where somebody else has written on the channel."""
    try:
        ring = json.loads(encoded)
    except ValueError:
        return ()
    return (
        [id_ for id_ in cast("dict[str, object]", ring).values() if isinstance(id_, str)]
        if isinstance(ring, dict)
        else ()
    )


class Queue:
    """Sends from code that may block."""

    def __init__(self, client: redis.Redis, namespace: str) -> None:
        self._client = client
        self._broker = make_broker(client, namespace)
        self._channel = bell_channel(namespace)

    def send(self, operation_id: str) -> bool:
        """Tells the workers of an operation. False: Redis is away, and the sweeper will find it."""
        return self._enqueue(CARRY_OUT, operation_id)

    def ask(self, inquiry_id: str) -> bool:
        """Tells the workers of an inquiry."""
        return self._enqueue(ANSWER, inquiry_id)

    def ring(self, ring: Ring) -> None:
        """Tells listeners to look again."""
        with self._tolerating("ring"):
            self._client.publish(self._channel, ring.encode())  # pyright: ignore[reportUnknownMemberType]

    def _enqueue(self, actor: str, subject: str) -> bool:
        message = dramatiq.Message[None](queue_name=QUEUE, actor_name=actor, args=(subject,), kwargs={}, options={})
        with self._tolerating(actor):
            self._broker.enqueue(message)  # pyright: ignore[reportUnknownMemberType]
            return True
        return False

    @contextlib.contextmanager
    def _tolerating(self, what: str):  # noqa: ANN202
        try:
            yield
        except (redis.RedisError, dramatiq.errors.BrokerConnectionError, OSError) as error:
            log.warning("redis is away", what=what, error=type(error).__name__)


class AsyncQueue:
    """The same for the API process: the client blocks, so it sends from a thread."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    async def send(self, operation_id: str) -> None:
        await asyncio.to_thread(self._queue.send, operation_id)

    async def ask(self, inquiry_id: str) -> None:
        await asyncio.to_thread(self._queue.ask, inquiry_id)

    async def ring(self, ring: Ring) -> None:
        await asyncio.to_thread(self._queue.ring, ring)
