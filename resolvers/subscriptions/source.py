"""The source stream of one subscription: first the past that its client asked for, then what happens."""

from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Generic, TypeVar

from resolvers.failures import refusals_told
from resolvers.subscriptions.feed import BATCH, Feed, Feeds
from resolvers.transport import LiveSource

R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True)
class Beginning(Generic[R]):
    """What a stream begins with."""

    #: Where the client stands: the place of its cursor, or that of the snapshot.
    place: int
    #: Its rows, at least one.
    snapshot: AsyncGenerator[Sequence[R]] | None = None
    #: The first rows behind the cursor.
    missed: Sequence[R] = ()
    #: Nothing will come behind it.
    over: bool = False


async def snapshot_of(*rows: R) -> AsyncGenerator[Sequence[R]]:
    yield rows


async def opened(
    feeds: Feeds[R], id_: str, begin: Callable[[], Awaitable[Beginning[R]]], show: Callable[[R], T]
) -> "Source[R, T]":
    """A stream whose beginning is read when its listener has been registered: nothing slips in between.

    Raises GraphQLError where `begin` is refused.
    """
    feed = feeds.follow(id_)
    try:
        with refusals_told():
            return Source(feed, await begin(), show)
    except BaseException:
        feed.leave()
        raise


class Source(LiveSource[T], Generic[R, T]):
    """Gives each row once, in order and as clients see it, and completes behind the last that there can be."""

    def __init__(self, feed: Feed[R], beginning: Beginning[R], show: Callable[[R], T]) -> None:
        """Leaves the feed when it is closed."""
        self._feed = feed
        self._show = show
        self._rows = self._run(beginning)
        self._position = beginning.place if beginning.snapshot is None else None
        self._left = False

    @property
    def topic(self) -> str:
        return self._feed.id

    @property
    def position(self) -> int | None:
        return self._position

    async def __anext__(self) -> T:
        with refusals_told():
            return self._show(await anext(self._rows))

    async def aclose(self) -> None:
        if self._left:
            return
        self._left = True
        self._feed.leave()
        await self._rows.aclose()

    async def _run(self, beginning: Beginning[R]) -> AsyncGenerator[R]:
        if beginning.snapshot is not None:
            async with aclosing(_each_and_whether_last(beginning.snapshot)) as snapshot:
                async for row, last in snapshot:
                    self._position = beginning.place if last else None
                    yield row
        place, rows = beginning.place, beginning.missed
        while True:
            for row in rows:
                place = self._position = self._feed.rows.place_of(row)
                yield row
                if self._feed.rows.is_last(row):
                    return
            if len(rows) == BATCH:
                rows = await self._feed.rows.behind(self._feed.id, place)
            elif not beginning.over:
                rows = await self._feed.behind(place)
            else:
                return


async def _each_and_whether_last(batches: AsyncGenerator[Sequence[R]]) -> AsyncGenerator[tuple[R, bool]]:
    """With its last row a snapshot is complete: only then its place is reached."""
    held = deque[R]()
    async with aclosing(batches):
        async for rows in batches:
            for row in rows:
                held.append(row)
                if len(held) > 1:
                    yield held.popleft(), False
    if held:
        yield held.popleft(), True
