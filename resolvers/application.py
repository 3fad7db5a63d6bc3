"""The API process as one ASGI application."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypedDict

from starlette.applications import Starlette

from models.async_database import open_async_database
from models.sealing import Sealer
from resolvers.context import context_of
from resolvers.cost import field_costs
from resolvers.examples import examples
from resolvers.health import HEALTH_ROUTES
from resolvers.identity.opening import admission, middleware
from resolvers.process import Process, process_with
from resolvers.schema import make_schema
from resolvers.settings import ApiSettings
from resolvers.throttling import throttle
from resolvers.transport import GraphiQL, graphql_routes


class State(TypedDict):
    """What every request finds in its state."""

    process: Process


def make_application(settings: ApiSettings) -> Starlette:
    """Opens connections when it starts, and closes them when it ends.

    Raises ValueError for keys that can't seal anything.
    """
    sealer = Sealer(settings.secrets_key.get_secret_value())
    database = open_async_database(settings.database_url)
    schema = make_schema()
    limits = settings.transport_limits
    limits = replace(limits, field_costs={**field_costs(schema), **limits.field_costs})

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[State]:
        clusters, rate = tuple(settings.clusters), limits.mutations_per_minute
        async with process_with(database, settings.redis_url, sealer, clusters, rate) as process:
            yield {"process": process}

    admit = admission(settings, database)
    routes = graphql_routes(schema, context_of, limits, admit=admit, throttle=throttle, graphiql=graphiql(settings))
    return Starlette(routes=[*routes, *HEALTH_ROUTES], middleware=middleware(settings), lifespan=lifespan)


def graphiql(settings: ApiSettings) -> GraphiQL | None:
    if not settings.graphiql:
        return None
    introspection, folder = settings.introspection, settings.graphiql_folder
    return GraphiQL(examples(), title="Phaseline", introspection=introspection, installed=folder)
