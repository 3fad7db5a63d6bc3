"""The whole schema, of what clients see and what happens when they ask."""

from datetime import datetime

import strawberry
from strawberry.schema.config import StrawberryConfig

from resolvers.mutation import Mutation
from resolvers.query import Query
from resolvers.subscription import Subscription
from schema.names import RememberedNames
from schema.scalars import DATE_TIME


def make_schema() -> strawberry.Schema:
    config = StrawberryConfig(scalar_map={datetime: DATE_TIME}, name_converter=RememberedNames())
    return strawberry.Schema(Query, Mutation, Subscription, config=config)
