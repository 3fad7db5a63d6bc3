"""What the endpoints have in common: one schema, its limits, and the product's hooks."""

from collections.abc import Callable

import strawberry
from starlette.requests import HTTPConnection

from resolvers.transport.asked import AskedMutations
from resolvers.transport.callers import Admit, Call, Caller, ConnectionParams, MakeContext, Seats, Throttle
from resolvers.transport.engine import Engine, PreparedOperation
from resolvers.transport.limits import TransportLimits
from resolvers.transport.listener import Listener
from resolvers.transport.sharing import Member
from resolvers.transport.streams import Streams


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
        self._streams = Streams(self.engine, limits)

    async def throttle(
        self, prepared: PreparedOperation, caller: Caller, connection: HTTPConnection, params: ConnectionParams
    ) -> None:
        """Asked before anything is executed, so that of several mutations in one operation all are, or none."""
        if prepared.is_mutation:
            asked = AskedMutations(prepared.operation, prepared.request.variables)
            await self._throttle(Call(caller, connection, params), asked)

    def contexts(self, caller: Caller, connection: HTTPConnection, params: ConnectionParams) -> Callable[[], object]:
        """Makes contexts for one operation."""
        call = Call(caller, connection, params)
        return lambda: self._make_context(call)

    async def begin(
        self, prepared: PreparedOperation, caller: Caller, make_context: Callable[[], object], listener: Listener
    ) -> Member | None:
        """Sends the listener the results of the operation, the rest of them as a member. Raises Refusal."""
        if prepared.is_subscription:
            return await self._streams.begin(prepared, caller, make_context, listener)
        response = await self.engine.execute(prepared, make_context)
        listener.begin()
        listener.next(response)
        return None
