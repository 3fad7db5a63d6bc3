"""The API process as one ASGI application."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TypedDict

import strawberry
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from models.access import Access
from models.vocabulary import Role
from resolvers.context import OperationContext
from resolvers.cost import field_costs
from resolvers.health import HEALTH_ROUTES
from resolvers.process import Process, process_with
from resolvers.schema import make_schema
from resolvers.settings import ApiSettings
from resolvers.transport import Call, Caller, TransportLimits, graphql_routes
from resolvers.transport.callers import ConnectionParams

_MIB = 1024 * 1024

LOCAL_ADMIN = Access("local", everywhere=Role.ADMIN)


class State(TypedDict):
    """What every request finds in its state."""

    process: Process


def make_application(settings: ApiSettings) -> Starlette:
    """Opens what it needs when it starts, and closes it when it ends."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[State]:
        async with process_with(settings) as process:
            yield {"process": process}

    schema = make_schema()
    routes = graphql_routes(schema, context_of, limits_of(settings, schema), admit=admit)
    return Starlette(routes=[*routes, *HEALTH_ROUTES], lifespan=lifespan)


def limits_of(settings: ApiSettings, schema: strawberry.Schema) -> TransportLimits:
    """A request may carry as many variables as a ConfigMap and a secret hold, 50 x 20 services may be listed with
    their releases, and a document with `edges` may go from a project down to the image of a release."""
    return TransportLimits(
        introspection=settings.introspection,
        depth=14,
        cost=25_000,
        field_costs=field_costs(schema),
        body_size=2 * _MIB,
        variables_size=2 * _MIB,
        message_size=2 * _MIB,
    )


async def admit(_connection: HTTPConnection, _params: ConnectionParams) -> Caller:
    """Whoever reaches the port is its admin."""
    return Caller(viewer=LOCAL_ADMIN, share_key=LOCAL_ADMIN.caller)


def context_of(call: Call) -> OperationContext:
    access = call.caller.viewer
    assert isinstance(access, Access)
    client = call.connection.client
    return OperationContext(call.connection.state.process, access, client.host if client else None)
