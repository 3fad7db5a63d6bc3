"""Our transport, with its limits, masking and plans, over the same schema and resolvers as Strawberry's: PORT."""

from bench.sides.events import Events
from bench.sides.plain_schema import plain_schema
from bench.sides.serving import serve
from resolvers.transport import TransportLimits, graphql_routes, uvicorn_options
from schema.names import RememberedNames

if __name__ == "__main__":
    events = Events()
    limits = TransportLimits()
    schema = plain_schema(events, name_converter=RememberedNames())
    serve(graphql_routes(schema, lambda _call: None, limits), events.emit, **uvicorn_options(limits))
