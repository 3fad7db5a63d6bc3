"""The schema of `schema.graphql`, in Strawberry."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig

from bench.sides.events import Events, Following
from bench.sides.memory import Environment, EnvironmentConnection, PhaseTransition, memory
from schema.scalars import DATE_TIME


def plain_schema(events: Events, extensions: list[type] | None = None, **settings: Any) -> strawberry.Schema:
    """With Strawberry's own settings, but for those given."""
    data = memory()

    @strawberry.type
    class Query:
        @strawberry.field
        def environment(self, id: strawberry.ID | None = None) -> Environment | None:  # noqa: A002
            return data.environment(id or "")

        @strawberry.field
        def environments(self, first: int | None = 20) -> EnvironmentConnection:
            return data.environments(first)

    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def environment_phase_changed(self, environment_id: strawberry.ID) -> AsyncIterator[PhaseTransition]:
            return Following(events)

    config = StrawberryConfig(scalar_map={datetime: DATE_TIME}, **settings)
    return strawberry.Schema(Query, subscription=Subscription, config=config, extensions=extensions or [])
