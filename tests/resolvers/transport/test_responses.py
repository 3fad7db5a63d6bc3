"""The responses to the events of a subscription."""

import gc
from collections.abc import AsyncGenerator

import pytest
import strawberry
from graphql.execution.collect_fields import FieldDetails

from resolvers.transport import TransportLimits
from resolvers.transport.engine import Engine
from resolvers.transport.requests import GraphQLRequest
from tests.resolvers.transport.toy import Item, Query

pytestmark = pytest.mark.anyio


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def items(self) -> AsyncGenerator[Item]:
        for number in range(500):
            yield Item(name=str(number))


def remembered_fields() -> int:
    gc.collect()
    return sum(isinstance(one, FieldDetails) for one in gc.get_objects())


async def test_nothing_is_kept_of_an_event() -> None:
    """A subscription may live for months."""
    engine = Engine(strawberry.Schema(Query, subscription=Subscription), TransportLimits())
    prepared = engine.prepare(GraphQLRequest("subscription { items { name child { name } } }", None, {}, {}))
    responses = await engine.subscribe(prepared, lambda: None)
    await anext(responses)
    before = remembered_fields()
    count = 1
    async for _ in responses:
        count += 1
        if count == 400:
            assert remembered_fields() < before + 20
    assert count == 500
