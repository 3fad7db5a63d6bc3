"""The doorbell wakes who listens, whatever happens to Redis meanwhile."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator

import pytest

from jobs.queue import AsyncQueue, Queue, Ring
from resolvers import doorbell as doorbell_module
from resolvers.doorbell import Bell, Doorbell, doorbell_at
from tests.redis_server import RedisServer
from tests.redis_that_hangs_up import hanging_up

pytestmark = pytest.mark.anyio

NAMESPACE = "doorbell-test"
CHANNEL = f"{NAMESPACE}:bell"


@pytest.fixture
async def doorbell(redis_server: RedisServer) -> AsyncGenerator[Doorbell]:
    """Connected: it has rung everybody once."""
    async with doorbell_at(redis_server.url, CHANNEL, round_seconds=3600) as doorbell:
        with doorbell.listening("anything") as bell:
            await soon(bell)
        yield doorbell


@pytest.fixture
def queue(redis_server: RedisServer) -> AsyncQueue:
    return AsyncQueue(Queue(redis_server.client(), NAMESPACE))


async def soon(bell: Bell) -> None:
    async with asyncio.timeout(10):
        await bell.rung()


def is_silent(bell: Bell) -> bool:
    waiting = bell.rung()
    try:
        waiting.send(None)
    except StopIteration:
        return False
    waiting.close()
    return True


async def test_wakes_those_who_listen_to_one_of_the_topics_and_nobody_else(
    doorbell: Doorbell, queue: AsyncQueue
) -> None:
    with (
        doorbell.listening("env_1") as environment,
        doorbell.listening("prj_1", "opr_9") as project,
        doorbell.listening("env_2") as other,
    ):
        await queue.ring(Ring(environment="env_1", project="prj_1", operation="opr_1"))
        await soon(environment)
        await soon(project)
        assert is_silent(other)
        assert is_silent(environment)


async def test_many_rings_before_a_look_are_one(doorbell: Doorbell) -> None:
    with doorbell.listening("inq_1") as bell:
        for _ in range(100):
            doorbell.ring("inq_1")
        await soon(bell)
        assert is_silent(bell)


async def test_a_ring_during_the_look_is_kept(doorbell: Doorbell) -> None:
    with doorbell.listening("env_1") as bell:
        doorbell.ring("env_1")
        await soon(bell)
        doorbell.ring("env_1")
        assert not is_silent(bell)


async def test_forgets_who_has_left(doorbell: Doorbell) -> None:
    with doorbell.listening("env_1") as stays:
        with doorbell.listening("env_1", "env_2"):
            pass
        doorbell.ring("env_1", "env_2")
        assert not is_silent(stays)


async def test_what_others_write_on_the_channel_harms_nobody(
    doorbell: Doorbell, queue: AsyncQueue, redis_server: RedisServer
) -> None:
    with doorbell.listening("env_1") as bell, redis_server.client() as client:
        for noise in ("", "{", "[]", "7", '{"environment": ["env_1"]}', '{"environment": null}'):
            client.publish(CHANNEL, noise)  # pyright: ignore[reportUnknownMemberType]
        client.publish(CHANNEL, b"\xff\xfe")  # pyright: ignore[reportUnknownMemberType]
        await queue.ring(Ring(environment="env_1"))
        await soon(bell)


async def test_rings_everybody_when_redis_is_back_and_hears_again(
    doorbell: Doorbell, queue: AsyncQueue, redis_server: RedisServer
) -> None:
    with doorbell.listening("env_1") as bell, doorbell.listening("env_2") as other:
        redis_server.kill()
        # Nothing else than the loss, and then each attempt in vain, would wake it
        await soon(bell)
        await soon(bell)
        redis_server.start()
        async with asyncio.timeout(10):
            while True:
                await queue.ring(Ring(environment="env_1"))
                await bell.rung()
                if is_silent(other):
                    break  # so it was this ring, and not one for everybody


async def test_a_redis_that_does_not_answer_is_left(
    redis_server: RedisServer, queue: AsyncQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell_module, "PING_SECONDS", 0.1)
    monkeypatch.setattr(doorbell_module, "PONG_SECONDS", 0.1)
    async with doorbell_at(redis_server.url, CHANNEL, round_seconds=3600) as doorbell:
        with doorbell.listening("env_1") as bell:
            await soon(bell)
            pid = redis_server.pid
            os.kill(pid, signal.SIGSTOP)
            try:
                await soon(bell)
            finally:
                os.kill(pid, signal.SIGCONT)


async def test_makes_rounds_in_case_a_ring_was_lost(redis_server: RedisServer) -> None:
    async with doorbell_at(redis_server.url, CHANNEL, round_seconds=0.05) as doorbell:
        with doorbell.listening("env_1") as bell:
            for _ in range(3):
                await soon(bell)


async def test_works_before_redis_is_there() -> None:
    async with doorbell_at("redis://127.0.0.1:1/0", CHANNEL) as doorbell:
        with doorbell.listening("env_1") as bell:
            await soon(bell)
            await soon(bell)


@pytest.mark.parametrize("anyio_backend", [("asyncio", {"use_uvloop": True})])
async def test_outlasts_a_redis_that_hangs_up_whenever_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """uvloop has errors of its own for that, and which one comes is a matter of luck: one time in four in trials."""
    monkeypatch.setattr(doorbell_module, "LONGEST_PAUSE", 0.001)
    with hanging_up() as redis:
        async with doorbell_at(redis.url, CHANNEL, round_seconds=3600) as doorbell, asyncio.timeout(60):
            with doorbell.listening("env_1") as bell:
                while redis.connections < 100:
                    await bell.rung()
