"""A schema that has one of everything the transport must carry."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import strawberry
from graphql import GraphQLError
from strawberry.types import Info

from models.access import Access
from resolvers.transport import Call
from tests.resolvers.transport.toy_environment import (
    EnvironmentMutation,
    EnvironmentQuery,
    Environments,
    EnvironmentSubscription,
)

SECRET = "SELECT password FROM users WHERE host = '/etc/secret'"


@dataclass
class Ledger:
    """What really happened, for tests to look at."""

    mutations: list[str] = field(default_factory=list[str])
    opened: int = 0
    closed: int = 0
    environments: Environments = field(default_factory=Environments)


@dataclass
class Context:
    call: Call
    ledger: Ledger

    @property
    def environments(self) -> Environments:
        return self.ledger.environments


ToyInfo = Info[Context, None]


@strawberry.type
class Item:
    name: str

    @strawberry.field
    def child(self) -> "Item":
        return Item(name=f"{self.name}/child")

    @strawberry.field
    def children(self, first: int = 20) -> list["Item"]:
        return [Item(name=f"{self.name}/{number}") for number in range(first)]


@strawberry.type
class Query(EnvironmentQuery):
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"Hello {name}"

    @strawberry.field
    def item(self) -> Item:
        return Item(name="item")

    @strawberry.field
    def items(self, first: int = 20) -> list[Item]:
        return [Item(name=str(number)) for number in range(first)]

    @strawberry.field
    def echo_uuid(self, value: UUID) -> str:
        return str(value)

    @strawberry.field
    async def slow(self, seconds: float = 30) -> str:
        await asyncio.sleep(seconds)
        return "slow"

    @strawberry.field
    def fails(self) -> str | None:
        raise RuntimeError(SECRET)

    @strawberry.field
    def refuses(self) -> str | None:
        raise GraphQLError("You may not.", extensions={"code": "FORBIDDEN"})

    @strawberry.field
    def params(self, info: ToyInfo) -> str:
        return str(dict(info.context.call.connection_params))

    @strawberry.field
    def caller(self, info: ToyInfo) -> str | None:
        viewer = info.context.call.caller.viewer
        return viewer.caller if isinstance(viewer, Access) else None

    @strawberry.field
    def address(self, info: ToyInfo) -> str | None:
        client = info.context.call.connection.client
        return client.host if client else None

    @strawberry.field
    def context_id(self, info: ToyInfo) -> str:
        return str(id(info.context))


@strawberry.type
class Mutation(EnvironmentMutation):
    @strawberry.mutation
    def note(self, info: ToyInfo, text: str) -> str:
        info.context.ledger.mutations.append(text)
        return text


@strawberry.type
class Subscription(EnvironmentSubscription):
    @strawberry.subscription
    async def count(self, to: int, pause: float = 0) -> AsyncGenerator[int]:
        for number in range(1, to + 1):
            await asyncio.sleep(pause)
            yield number

    @strawberry.subscription
    async def forever(self, info: ToyInfo) -> AsyncGenerator[int]:
        info.context.ledger.opened += 1
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            info.context.ledger.closed += 1

    @strawberry.subscription
    async def flood(self, size: int = 10_000) -> AsyncGenerator[str]:
        while True:
            yield "x" * size

    @strawberry.subscription
    async def breaks(self) -> AsyncGenerator[int]:
        yield 1
        raise RuntimeError(SECRET)

    @strawberry.subscription
    async def refuses(self) -> AsyncGenerator[int]:
        raise GraphQLError("You may not.", extensions={"code": "FORBIDDEN"})
        yield 1

    @strawberry.subscription
    async def items(self) -> AsyncGenerator[Item]:
        yield Item(name="one")
        yield Item(name="two")


def toy_schema(**options: Any) -> strawberry.Schema:
    return strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription, **options)
