"""What happens to one object, read from the database once for everybody in this process who follows it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from resolvers.doorbell import Doorbell

R = TypeVar("R")

#: Rows read at once.
BATCH = 100


@dataclass(frozen=True)
class Rows(Generic[R]):
    """The rows that an object of some kind has in the database, each at its place: a number that only grows."""

    #: Of the object with this id the first rows behind a place, `BATCH` of them if there are so many.
    read: Callable[[str, int], Awaitable[Sequence[R]]]
    place_of: Callable[[R], int]
    #: Whether nothing can come behind this row.
    is_last: Callable[[R], bool]
    #: So many are held for followers that are a bit slower.
    kept: int = BATCH


class Feeds(Generic[R]):
    """The feeds of one kind of object, by its id. Each lives while somebody follows it."""

    def __init__(self, doorbell: Doorbell, rows: Rows[R]) -> None:
        self._doorbell = doorbell
        self._rows = rows
        self._feeds: dict[str, Feed[R]] = {}

    def follow(self, id_: str) -> "Feed[R]":
        """Registers a follower, who must `leave`. Read the present only after this, then wait for what comes."""
        feed = self._feeds.get(id_)
        if feed is None or feed.failed:
            feed = self._feeds[id_] = Feed(id_, self._rows, self._doorbell, self._forget)
        feed.followers += 1
        return feed

    def _forget(self, feed: "Feed[R]") -> None:
        if self._feeds.get(feed.id) is feed:
            del self._feeds[feed.id]


class Feed(Generic[R]):
    """The rows of one object as they come."""

    def __init__(self, id_: str, rows: Rows[R], doorbell: Doorbell, ended: Callable[["Feed[R]"], None]) -> None:
        self.id = id_
        self.rows = rows
        self.followers = 0
        self._ended = ended
        self._listening = doorbell.listening(id_)
        self._bell = self._listening.__enter__()
        self._recent = deque[R]()
        #: `recent` holds everything that came behind this place.
        self._floor = 0
        self._news = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    @property
    def failed(self) -> bool:
        return self._reading is not None and self._reading.done()

    async def behind(self, place: int) -> Sequence[R]:
        """Waits for rows behind the place, and returns at least one. Raises what reading them raised.

        The place is one up to which the follower has read the database after it began to follow.
        """
        if self._reading is None:
            self._floor = place
            self._reading = asyncio.create_task(self._keep_reading(place))
        while True:
            if place < self._floor:
                return await self.rows.read(self.id, place)
            if self._recent and place < self.rows.place_of(self._recent[-1]):
                return [row for row in self._recent if self.rows.place_of(row) > place]
            if self._reading.done():
                self._reading.result()
            await self._news.wait()

    def leave(self) -> None:
        """The last one ends it."""
        self.followers -= 1
        if self.followers:
            return
        self._listening.__exit__(None, None, None)
        self._ended(self)
        if self._reading is not None:
            self._reading.cancel()

    async def _keep_reading(self, place: int) -> None:
        try:
            while True:
                await self._bell.rung()
                more = True
                while more:
                    rows = await self.rows.read(self.id, place)
                    if rows:
                        place = self.rows.place_of(rows[-1])
                        self._publish(rows)
                    more = len(rows) == BATCH
        finally:
            self._announce()

    def _publish(self, rows: Sequence[R]) -> None:
        self._recent.extend(rows)
        while len(self._recent) > self.rows.kept:
            self._floor = self.rows.place_of(self._recent.popleft())
        self._announce()

    def _announce(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
