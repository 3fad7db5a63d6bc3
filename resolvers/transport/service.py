"""What the endpoints have in common: one schema, its limits, and the product's hooks."""

from collections.abc import Callable

import strawberry
from starlette.requests import HTTPConnection

from resolvers.transport.callers import Admit, Call, Caller, ConnectionParams, MakeContext, Seats, Throttle
from resolvers.transport.engine import Engine, PreparedOperation
from resolvers.transport.limits import TransportLimits
from resolvers.transport.streams import Listener, follow


class Service:
    """Answers operations of admitted callers."""

    def __init__(
        self,
        schema: strawberry.Schema,
        make_context: MakeContext,
        limits: TransportLimits,
        admit: Admit,
        throttle: Throttle,
    ) -> None:
        self.engine = Engine(schema, limits)
        self.limits = limits
        self.admit = admit
        self.seats = Seats(limits.connections_per_caller)
        self._make_context = make_context
        self._throttle = throttle

    async def throttle(self, prepared: PreparedOperation, caller: Caller) -> None:
        """Asked before anything is executed, so that of several mutations in one operation all are, or none."""
        if prepared.is_mutation:
            await self._throttle(caller, prepared.operation.root_fields)

    def contexts(self, caller: Caller, connection: HTTPConnection, params: ConnectionParams) -> Callable[[], object]:
        """Makes contexts for one operation."""
        call = Call(caller, connection, params)
        return lambda: self._make_context(call)

    async def follow(
        self, prepared: PreparedOperation, caller: Caller, make_context: Callable[[], object], listener: Listener
    ) -> None:
        """Sends the listener every result of the operation."""
        await follow(self.engine, prepared, make_context, listener)
