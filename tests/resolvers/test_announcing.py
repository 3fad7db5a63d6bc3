"""Who is told of a mutation: those, too, who follow an operation that it put an end to."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest

from jobs.queue import bell_channel, topics_of
from models.installation import read_installation, redis_namespace
from tests.jobs.seeds import Seed
from tests.redis_server import RedisServer
from tests.resolvers.mutating import mutate
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running


@pytest.fixture
def staging(api: Api) -> Seed:
    return running(api, "web", "api")


@contextmanager
def rings(api: Api, redis_server: RedisServer) -> Generator[Any]:
    """What is rung from now on."""
    with api.database.writing() as session:
        namespace = redis_namespace(read_installation(session))
    with redis_server.client() as client:
        pubsub: Any = client.pubsub()  # pyright: ignore[reportUnknownMemberType]
        with pubsub:
            pubsub.subscribe(bell_channel(namespace))
            assert pubsub.get_message(timeout=5)["type"] == "subscribe"
            yield pubsub


def await_ring(pubsub: Any, topic: str) -> None:
    """Fails when nobody rings for 5 s."""
    while (message := pubsub.get_message(timeout=5)) is not None:
        if topic in topics_of(message["data"]):
            return
    raise AssertionError(f"nobody rang {topic}")


def test_who_follows_a_superseded_operation_is_rung(api: Api, staging: Seed, redis_server: RedisServer) -> None:
    service = staging.service_ids["web"]
    older = mutate(api, "updateService", serviceId=service, configuration={"command": ["one"]})["operation"]["id"]

    with rings(api, redis_server) as pubsub:
        mutate(api, "updateService", serviceId=service, configuration={"command": ["two"]})
        await_ring(pubsub, older)

    assert staging.operation(older).status == "CANCELLED"


@pytest.mark.parametrize("mutation", ["deleteService", "destroyEnvironment"])
def test_who_follows_what_a_removal_stops_is_rung(
    mutation: str, api: Api, staging: Seed, redis_server: RedisServer
) -> None:
    service = staging.service_ids["web"]
    older = mutate(api, "updateService", serviceId=service, configuration={"command": ["one"]})["operation"]["id"]
    asked: dict[str, object] = {"serviceId": service, "confirm": True}
    if mutation == "destroyEnvironment":
        asked = {"environmentId": staging.environment_id, "confirmName": staging.environment().name}

    with rings(api, redis_server) as pubsub:
        assert mutate(api, mutation, **asked)["__typename"].endswith("Accepted")
        await_ring(pubsub, older)

    assert staging.operation(older).status == "CANCELLED"
