"""Brings the events of a subscription to its client, together with equal ones where there are any."""

import asyncio
from collections.abc import Hashable
from contextlib import aclosing

from resolvers.transport.callers import Caller
from resolvers.transport.contexts import EventContexts
from resolvers.transport.engine import Engine, PreparedOperation
from resolvers.transport.likeness import share_key
from resolvers.transport.limits import TransportLimits
from resolvers.transport.listener import Listener
from resolvers.transport.responses import ContextFactory, Responses
from resolvers.transport.sharing import Group, Member


class Streams:
    """The subscriptions of one process."""

    def __init__(self, engine: Engine, limits: TransportLimits) -> None:
        self._engine = engine
        self._beginning = asyncio.Semaphore(limits.subscriptions_beginning)
        self._groups: dict[Hashable, Group] = {}
        self._contexts = EventContexts()

    async def begin(
        self, prepared: PreparedOperation, caller: Caller, make_context: ContextFactory, listener: Listener
    ) -> Member | None:
        """Sends the listener every response; once it is up to date it gets the rest as a member of a group.

        None: there are no more. Raises Refusal. Nothing of the operation is kept for a member: it may be idle for long.
        """
        key = share_key(prepared, caller)
        async with self._beginning:
            responses = await self._engine.subscribe(prepared, make_context)
        async with aclosing(responses):
            listener.begin()
            while (member := self._join(key, responses, caller, make_context, listener)) is None:
                response = await anext(responses, None)
                if response is None:
                    return None
                listener.next(response)
                await listener.ready()
        return member

    def _join(
        self, key: Hashable, responses: Responses, caller: Caller, make_context: ContextFactory, listener: Listener
    ) -> Member | None:
        """Joins the group that goes on where these responses stand, and begins it with them if there is none.

        None: they lack an event, or can't be shared.
        """
        position = responses.position
        if key is None or position is None:
            return None
        group = self._groups.get(key)
        if group is None:
            rest = responses.handed_over(
                lambda: self._contexts.of((caller.share_key, rest.topic, rest.position), make_context)
            )
            group = self._groups[key] = Group(rest, position, lambda ended: self._forget(key, ended))
        return group.join(listener, position)

    def _forget(self, key: Hashable, group: Group) -> None:
        if self._groups.get(key) is group:
            del self._groups[key]
