"""Who is calling, as the product tells the transport."""

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Generator, Hashable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from resolvers.transport.asked import AskedMutations
from resolvers.transport.refusals import Code, refuse

ConnectionParams = Mapping[str, object]


@dataclass(frozen=True)
class Caller:
    """One admitted client.

    `name` is who its connections and mutations are counted for; without one they are not counted.
    `share_key` is everything that the results of its subscriptions depend on besides document and variables: callers
    with equal keys may be answered by one execution. None: never shared.
    `ended` returns when its rights end (an expired or revoked token); its streams are then closed.
    """

    viewer: object = None
    name: str | None = None
    share_key: Hashable = None
    ended: Callable[[], Coroutine[Any, Any, None]] | None = None


@dataclass(frozen=True)
class Call:
    """What the context of one operation is made of."""

    caller: Caller
    connection: HTTPConnection
    connection_params: ConnectionParams


#: Says who is calling, or raises a `Refusal`. The parameters are those of `connection_init`, empty over HTTP.
Admit = Callable[[HTTPConnection, ConnectionParams], Awaitable[Caller]]
#: The context of an operation, and of every event of a subscription.
MakeContext = Callable[[Call], object]


#: Counts the mutations that a caller asks for, or raises a `Refusal`.
Throttle = Callable[[Call, AskedMutations], Awaitable[None]]


async def unlimited(_call: Call, _mutations: AskedMutations) -> None:
    """Lets everything through."""


async def anyone(_connection: HTTPConnection, _params: ConnectionParams) -> Caller:
    """Admits everybody as nobody in particular."""
    return Caller()


class Seats:
    """How many connections each caller holds."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = Counter[str]()

    def take(self, caller: Caller) -> None:
        """Takes one seat, to be given back. Refused when the caller has none left."""
        if caller.name is None:
            return
        if self._taken[caller.name] >= self._limit:
            raise refuse(f"More than {self._limit} connections at once.", Code.TOO_MANY_CONNECTIONS, 429)
        self._taken[caller.name] += 1

    def give_back(self, caller: Caller) -> None:
        if caller.name is None:
            return
        self._taken[caller.name] -= 1
        if not self._taken[caller.name]:
            del self._taken[caller.name]

    @contextmanager
    def taken_by(self, caller: Caller) -> Generator[None]:
        """Holds one seat. Refused when the caller has none left."""
        self.take(caller)
        try:
            yield
        finally:
            self.give_back(caller)
