"""Wakes listeners of this process when something changed, wherever it was changed.

The database is the truth; a ring only says "look again", and may come late, twice, or for nothing. One that was lost
(Redis away, a connection that died silently) is made up for: everybody is rung after each connect, with each failed
attempt to connect, and by a slow timer.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Collection, Generator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import Any, cast

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import TimeoutError as SilentError

from jobs.queue import topics_of
from resolvers.redis_away import REDIS_AWAY

#: Redis is asked for a sign of life after so many silent seconds, and has so many to give one.
PING_SECONDS = 10.0
PONG_SECONDS = 3.0
#: Everybody looks again this often, whether rung or not.
ROUND_SECONDS = 20.0
#: Between two attempts to reach Redis.
LONGEST_PAUSE = 2.0

log = structlog.get_logger("phaseline.doorbell")


class Bell:
    """Rung many times before its listener looks, it wakes that listener once."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._topics = set[str]()

    def ring(self, topic: str) -> None:
        self._topics.add(topic)
        self._rung.set()

    async def rung(self) -> Collection[str]:
        """For what it was rung since the last time, at least once. Look only after that: a ring meanwhile is kept."""
        await self._rung.wait()
        self._rung.clear()
        topics, self._topics = self._topics, set[str]()
        return topics


class Doorbell:
    """The listeners of one process, by topic: the id of an environment, project, operation or inquiry."""

    def __init__(self) -> None:
        self._bells: dict[str, set[Bell]] = {}

    @contextmanager
    def listening(self, *topics: str) -> Generator[Bell]:
        """A bell for these topics. Register first, look then, and wait for the bell after that."""
        bell = Bell()
        for topic in topics:
            self.connect(bell, topic)
        try:
            yield bell
        finally:
            for topic in topics:
                self.disconnect(bell, topic)

    def connect(self, bell: Bell, topic: str) -> None:
        self._bells.setdefault(topic, set()).add(bell)

    def disconnect(self, bell: Bell, topic: str) -> None:
        self._bells[topic].discard(bell)
        if not self._bells[topic]:
            del self._bells[topic]

    def ring(self, *topics: str) -> None:
        """Wakes whoever listens to one of these topics in this process."""
        for topic in topics:
            for bell in self._bells.get(topic, ()):
                bell.ring(topic)

    def ring_everybody(self) -> None:
        self.ring(*self._bells)


@asynccontextmanager
async def doorbell_at(
    redis_url: str, channel: str, *, round_seconds: float = ROUND_SECONDS
) -> AsyncGenerator[Doorbell]:
    """A doorbell that is rung by what is published on the channel; Redis may come and go."""
    doorbell = Doorbell()
    async with (
        Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
            redis_url, socket_connect_timeout=1.0, socket_timeout=PONG_SECONDS, retry=Retry(NoBackoff(), 0)
        ) as redis,
        asyncio.TaskGroup() as tasks,
    ):
        hearing = tasks.create_task(_keep_hearing(redis, channel, doorbell))
        rounds = tasks.create_task(_make_rounds(doorbell, round_seconds))
        try:
            yield doorbell
        finally:
            hearing.cancel()
            rounds.cancel()


async def _keep_hearing(redis: Redis, channel: str, doorbell: Doorbell) -> None:
    """Hears the channel, and connects again for as long as it takes."""
    failures = 0
    while True:
        try:
            async for message in _messages(redis, channel):
                failures = 0
                _pass_on(message, doorbell)
        except REDIS_AWAY as error:
            if not failures:
                log.warning("redis is away", error=type(error).__name__)
        failures += 1
        doorbell.ring_everybody()
        pause = min(LONGEST_PAUSE, 0.1 * 2 ** min(failures, 10))
        await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311


async def _messages(redis: Redis, channel: str) -> AsyncGenerator[dict[str, Any]]:
    """What one connection says. Raises one of REDIS_AWAY when it is lost, or does not even answer a ping."""
    pubsub: PubSub = redis.pubsub()  # pyright: ignore[reportUnknownMemberType]
    async with aclosing(pubsub):
        await pubsub.subscribe(channel)  # pyright: ignore[reportUnknownMemberType]
        while True:
            message = await _next(pubsub, PING_SECONDS)
            if message is None:
                await pubsub.ping()  # pyright: ignore[reportUnknownMemberType]
                message = await _next(pubsub, PONG_SECONDS)
            if message is None:
                raise SilentError(f"no answer to a ping in {PONG_SECONDS:.0f} s")
            yield message


async def _next(pubsub: PubSub, seconds: float) -> dict[str, Any] | None:
    return cast("dict[str, Any] | None", await pubsub.get_message(timeout=seconds))


def _pass_on(message: dict[str, Any], doorbell: Doorbell) -> None:
    match message["type"]:
        case "subscribe":
            # For what was published while nobody heard it
            doorbell.ring_everybody()
        case "message":
            doorbell.ring(*topics_of(message["data"]))
        case _:
            pass


async def _make_rounds(doorbell: Doorbell, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        doorbell.ring_everybody()
