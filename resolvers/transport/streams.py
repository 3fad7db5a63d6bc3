"""Brings the results of an operation to a listener, whatever it listens with."""

from collections.abc import Callable
from contextlib import aclosing
from typing import Protocol

from resolvers.transport.engine import Engine, PreparedOperation


class Listener(Protocol):
    """One operation of one client, as the results' way out."""

    def begin(self) -> None:
        """Results will come: the operation was accepted."""
        ...

    def next(self, response: str) -> None:
        """Takes one response. Never waits."""
        ...

    async def ready(self) -> None:
        """Waits until the client has taken what it was sent."""
        ...


async def follow(
    engine: Engine, prepared: PreparedOperation, make_context: Callable[[], object], listener: Listener
) -> None:
    """Sends the listener every result, and returns when there are no more."""
    if not prepared.is_subscription:
        response = await engine.execute(prepared, make_context())
        listener.begin()
        listener.next(response.decode())
        return
    async with aclosing(await engine.subscribe(prepared, make_context)) as responses:
        listener.begin()
        async for _event, response in responses:
            listener.next(response.decode())
            await listener.ready()
