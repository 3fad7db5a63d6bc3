"""What happens to objects, read from the database once for everybody in this process who follows them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Generic, TypeVar

from resolvers.doorbell import Bell, Doorbell

R = TypeVar("R")

#: Rows of one object that are read at once.
BATCH = 100
#: Objects of which rows are read at once.
TOGETHER = 100


@dataclass(frozen=True)
class Rows(Generic[R]):
    """The rows that objects of some kind have in the database, each at its place: a number that only grows."""

    #: Of each object with one of these ids the first rows behind its place, `BATCH` of them if there are so many.
    read: Callable[[Mapping[str, int]], Awaitable[Mapping[str, Sequence[R]]]]
    place_of: Callable[[R], int]
    #: Whether nothing can come behind this row.
    is_last: Callable[[R], bool]
    #: So many are held for followers that are a bit slower.
    kept: int = BATCH

    async def behind(self, id_: str, place: int) -> Sequence[R]:
        """Of one object alone."""
        return (await self.read({id_: place}))[id_]


class Feeds(Generic[R]):
    """The feeds of one kind of object, by its id. Each lives while somebody follows it.

    Those that are rung while others are read are read together after that: the busier, the less each of them costs.
    """

    def __init__(self, doorbell: Doorbell, rows: Rows[R]) -> None:
        self._doorbell = doorbell
        self._rows = rows
        self._bell = Bell()
        self._feeds: dict[str, Feed[R]] = {}
        self._reading: asyncio.Task[None] | None = None

    def follow(self, id_: str) -> "Feed[R]":
        """Registers a follower, who must `leave`. Read the present only after this, then wait for what comes."""
        feed = self._feeds.get(id_)
        if feed is None:
            feed = self._feeds[id_] = Feed(id_, self._rows, self._bell, self._forget)
            self._doorbell.connect(self._bell, id_)
        if self._reading is None:
            self._reading = asyncio.create_task(self._keep_reading())
        feed.followers += 1
        return feed

    def _forget(self, feed: "Feed[R]") -> None:
        if self._feeds.get(feed.id) is not feed:
            return
        del self._feeds[feed.id]
        self._doorbell.disconnect(self._bell, feed.id)
        if not self._feeds and self._reading is not None:
            self._reading.cancel()
            self._reading = None

    async def _keep_reading(self) -> None:
        while True:
            rung = [self._feeds[id_] for id_ in await self._bell.rung() if id_ in self._feeds]
            due = [feed for feed in rung if feed.is_due()]
            for start in range(0, len(due), TOGETHER):
                await self._read(due[start : start + TOGETHER])

    async def _read(self, feeds: "Sequence[Feed[R]]") -> None:
        places = {feed.id: feed.place for feed in feeds}
        [found] = await asyncio.gather(self._rows.read(places), return_exceptions=True)
        if not isinstance(found, BaseException):
            for feed in feeds:
                feed.publish(found[feed.id])
        elif len(feeds) > 1:
            # Whatever it was that could not be read: the others must not end with it
            await asyncio.gather(*(self._read([feed]) for feed in feeds))
        else:
            self._forget(feeds[0])
            feeds[0].fail(found)


class Feed(Generic[R]):
    """The rows of one object as they come."""

    def __init__(self, id_: str, rows: Rows[R], bell: Bell, ended: Callable[["Feed[R]"], None]) -> None:
        self.id = id_
        self.rows = rows
        self.followers = 0
        #: It has been read up to here, once it has begun.
        self.place = 0
        self._begun = False
        self._rung_before = False
        self._bell = bell
        self._ended = ended
        self._recent = deque[R]()
        #: `recent` holds everything that came behind this place.
        self._floor = 0
        self._news = asyncio.Event()
        self._failure: BaseException | None = None

    async def behind(self, place: int) -> Sequence[R]:
        """Waits for rows behind the place, and returns at least one. Raises what reading them raised.

        The place is one up to which the follower has read the database after it began to follow.
        """
        self._begin(place)
        while True:
            if place < self._floor:
                return await self.rows.behind(self.id, place)
            if place < self.place:
                return self._recent_behind(place)
            if self._failure is not None:
                raise self._failure
            await self._news.wait()

    def leave(self) -> None:
        """The last one ends it."""
        self.followers -= 1
        if not self.followers:
            self._ended(self)

    def is_due(self) -> bool:
        """To be asked when it was rung: whether it can be read. A ring before it has begun counts once it has.

        Its first follower may have read the database before that ring.
        """
        self._rung_before = not self._begun
        return self._begun

    def publish(self, rows: Sequence[R]) -> None:
        """Takes what came behind its place."""
        if not rows:
            return
        self.place = self.rows.place_of(rows[-1])
        self._recent.extend(rows)
        while len(self._recent) > self.rows.kept:
            self._floor = self.rows.place_of(self._recent.popleft())
        self._announce()
        if len(rows) == BATCH:
            self._bell.ring(self.id)

    def fail(self, failure: BaseException) -> None:
        """Nothing comes any more."""
        self._failure = failure
        self._announce()

    def _begin(self, place: int) -> None:
        if self._begun:
            return
        self._begun = True
        self.place = self._floor = place
        if self._rung_before:
            self._bell.ring(self.id)

    def _recent_behind(self, place: int) -> Sequence[R]:
        """From the latest on: most followers lack only that one."""
        rows = [*takewhile(lambda row: self.rows.place_of(row) > place, reversed(self._recent))]
        return rows[::-1]

    def _announce(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
