"""A toy whose subscriptions can be shared: a log of numbers that tests write."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field

import strawberry
from graphql import GraphQLError
from strawberry.types import Info

from resolvers.transport import Call, LiveSource


@dataclass
class Log:
    """The events 1, 2, … of one topic, and what was done for them."""

    last: int = 0
    ended: bool = False
    failed: bool = False
    #: How often each event was executed.
    executed: dict[int, int] = field(default_factory=dict[int, int])
    contexts: set[int] = field(default_factory=set[int])
    open_sources: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    #: Executions wait for it.
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def write(self, events: int = 1) -> None:
        self.last += events
        self.tell()

    def end(self, *, failed: bool = False) -> None:
        self.ended, self.failed = True, failed
        self.tell()

    def tell(self) -> None:
        news, self.news = self.news, asyncio.Event()
        news.set()


@dataclass
class Context:
    call: Call
    log: Log


@strawberry.type
class Tick:
    number: int

    @strawberry.field
    async def noted(self, info: Info[Context, None], mark: str = "x") -> str:
        log = info.context.log
        await log.gate.wait()
        log.executed[self.number] = log.executed.get(self.number, 0) + 1
        log.contexts.add(id(info.context))
        return f"{mark}{self.number}"


class Ticks(LiveSource[Tick]):
    """All behind `after`; without it the last one first."""

    def __init__(self, log: Log, after: int | None) -> None:
        self._log = log
        self._position = after
        self._ticks = self._run()
        self._closed = False
        log.open_sources += 1

    @property
    def topic(self) -> str:
        return "log"

    @property
    def position(self) -> int | None:
        return self._position

    async def __anext__(self) -> Tick:
        return await anext(self._ticks)

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            self._log.open_sources -= 1
            await self._ticks.aclose()

    async def _run(self) -> AsyncGenerator[Tick]:
        if self._position is None:
            self._position = self._log.last
            yield Tick(number=self._position)
        while True:
            while self._position < self._log.last:
                self._position += 1
                yield Tick(number=self._position)
            if self._log.failed:
                raise RuntimeError("the log is broken")
            if self._log.ended:
                return
            await self._log.news.wait()


@strawberry.type
class Query:
    hello: str = "hello"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self, info: Info[Context, None], after: str | None = None) -> AsyncIterator[Tick]:
        if after is not None and not after.isdecimal():
            raise GraphQLError("No such place.", extensions={"code": "CURSOR_INVALID"})
        return Ticks(info.context.log, None if after is None else int(after))
