"""GraphQL over HTTP, server-sent events and WebSocket, for any schema.

routes = graphql_routes(schema, make_context, limits, admit=authenticate)
uvicorn.Config(Starlette(routes=routes), **uvicorn_options(limits))
"""

import strawberry
from starlette.routing import BaseRoute, Route, WebSocketRoute

from resolvers.transport.asked import AskedMutation, AskedMutations
from resolvers.transport.callers import Admit, Call, Caller, MakeContext, Throttle, anyone, unlimited
from resolvers.transport.graphiql import Example, Examples, GraphiQL
from resolvers.transport.http import HttpEndpoint
from resolvers.transport.limits import TransportLimits
from resolvers.transport.live import LiveSource
from resolvers.transport.refusals import Code, Refusal, forbidden, refuse, unauthenticated
from resolvers.transport.server import uvicorn_options
from resolvers.transport.service import Service
from resolvers.transport.websocket import WebSocketEndpoint

__all__ = [
    "Admit",
    "AskedMutation",
    "AskedMutations",
    "Call",
    "Caller",
    "Code",
    "Example",
    "Examples",
    "GraphiQL",
    "LiveSource",
    "MakeContext",
    "Refusal",
    "Throttle",
    "TransportLimits",
    "forbidden",
    "graphql_routes",
    "refuse",
    "unauthenticated",
    "uvicorn_options",
]


def graphql_routes(
    schema: strawberry.Schema,
    make_context: MakeContext,
    limits: TransportLimits | None = None,
    *,
    admit: Admit = anyone,
    throttle: Throttle = unlimited,
    graphiql: GraphiQL | None = None,
    path: str = "/graphql",
) -> list[BaseRoute]:
    """The routes of one GraphQL API, below one path."""
    service = Service(schema, make_context, limits or TransportLimits(), admit, throttle)
    pages = graphiql.routes(path) if graphiql else []
    return [Route(path, HttpEndpoint(service, graphiql)), WebSocketRoute(path, WebSocketEndpoint(service)), *pages]
