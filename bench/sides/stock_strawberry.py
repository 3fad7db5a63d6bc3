"""Strawberry as its documentation serves it: PORT [caches]."""

import sys

from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from bench.sides.events import Events
from bench.sides.plain_schema import plain_schema
from bench.sides.serving import serve

if __name__ == "__main__":
    events = Events()
    caches: list[type] = [ParserCache, ValidationCache] if "caches" in sys.argv else []
    app = GraphQL[None, None](plain_schema(events, caches))
    serve([Route("/graphql", app), WebSocketRoute("/graphql", app)], events.emit)
