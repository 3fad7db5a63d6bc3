"""The product's API process: PORT [memory] [strawberry].

With `memory` its database is replaced by rows in memory. With `strawberry` Strawberry's own server, with its caches,
serves the same schema over the same resolvers.
"""

import sys
from unittest.mock import patch

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from bench.sides.memory_database import MemoryDatabase
from resolvers import application
from resolvers.context import OperationContext
from resolvers.identity.admission import admit_local_admin
from resolvers.listening import listen
from resolvers.schema import make_schema
from resolvers.settings import ApiSettings


class StockEndpoint(GraphQL[OperationContext, None]):
    async def get_context(self, request: HTTPConnection, response: object) -> OperationContext:  # pyright: ignore
        caller = await admit_local_admin(request, {})
        return OperationContext(request.state.process, caller.viewer)  # pyright: ignore[reportArgumentType]


def served_by_strawberry(app: Starlette) -> None:
    schema = make_schema()
    schema.extensions = (ParserCache, ValidationCache)
    endpoint = StockEndpoint(schema)
    app.router.routes[:0] = [Route("/graphql", endpoint), WebSocketRoute("/graphql", endpoint)]


def in_memory(settings: ApiSettings) -> Starlette:
    def open_memory(_url: str) -> MemoryDatabase:
        return MemoryDatabase()

    with patch.object(application, "open_async_database", open_memory):
        return application.make_application(settings)


if __name__ == "__main__":
    settings = ApiSettings(port=int(sys.argv[1]))  # pyright: ignore[reportCallIssue]
    app = in_memory(settings) if "memory" in sys.argv else application.make_application(settings)
    if "strawberry" in sys.argv:
        served_by_strawberry(app)
    listen(app, settings)
