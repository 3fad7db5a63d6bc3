"""Objects that are rung together are read together, and what goes wrong with one of them is no matter of the others."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from resolvers.doorbell import Doorbell
from resolvers.subscriptions.feed import BATCH, TOGETHER, Feed, Feeds, Rows

pytestmark = pytest.mark.anyio


class Numbers:
    """A database in which each object has the numbers from 1 up to its last as rows."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}
        self.broken = set[str]()
        self.reads: list[list[str]] = []
        self.asked = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()
        self.doorbell = Doorbell()
        self.feeds = Feeds(self.doorbell, Rows(self._read, lambda row: row, lambda _: False))

    def write(self, *ids: str, rows: int = 1) -> None:
        for id_ in ids:
            self.last[id_] = self.last.get(id_, 0) + rows
        self.doorbell.ring(*ids)

    async def _read(self, places: Mapping[str, int]) -> Mapping[str, Sequence[int]]:
        self.reads.append([*places])
        self.asked.set()
        last = dict(self.last)
        await self.open.wait()
        if self.broken.intersection(places):
            raise LookupError(*self.broken)
        return {id_: range(place + 1, min(place + BATCH, last.get(id_, 0)) + 1) for id_, place in places.items()}


class Follower:
    """Takes rows of a feed until it has so many."""

    def __init__(self, numbers: Numbers, id_: str) -> None:
        self.feed: Feed[int] = numbers.feeds.follow(id_)
        self.place = numbers.last.get(id_, 0)

    async def take(self, count: int = 1) -> list[int]:
        taken: list[int] = []
        async with asyncio.timeout(10):
            while len(taken) < count:
                rows = await self.feed.behind(self.place)
                self.place = rows[-1]
                taken += rows
        return taken


@pytest.fixture
async def numbers() -> Numbers:
    return Numbers()


async def beginning(numbers: Numbers, *ids: str) -> tuple[list[Follower], list[asyncio.Task[list[int]]]]:
    """Followers that wait for their next row."""
    followers = [Follower(numbers, id_) for id_ in ids]
    taking = [asyncio.create_task(follower.take()) for follower in followers]
    await asyncio.sleep(0)
    return followers, taking


async def test_those_rung_at_once_take_one_read(numbers: Numbers) -> None:
    ids = [f"e{number}" for number in range(10)]
    followers, taking = await beginning(numbers, *ids, *ids)
    numbers.write(*ids)
    assert await asyncio.gather(*taking) == [[1]] * 20
    assert [sorted(read) for read in numbers.reads] == [ids]
    for follower in followers:
        follower.feed.leave()


async def test_those_rung_during_a_read_take_one_more(numbers: Numbers) -> None:
    ids = [f"e{number}" for number in range(10)]
    _, taking = await beginning(numbers, *ids)
    numbers.open.clear()
    numbers.write("e0")
    await numbers.asked.wait()
    for id_ in ids:
        numbers.write(id_)
    numbers.open.set()
    assert await asyncio.gather(*taking) == [[1]] * 10
    assert [sorted(read) for read in numbers.reads] == [["e0"], ids]


async def test_no_read_is_of_more_than_a_bounded_number(numbers: Numbers) -> None:
    ids = [f"e{number}" for number in range(2 * TOGETHER + 1)]
    _, taking = await beginning(numbers, *ids)
    numbers.write(*ids)
    await asyncio.gather(*taking)
    assert sorted(map(len, numbers.reads)) == [1, TOGETHER, TOGETHER]


async def test_one_that_cannot_be_read_ends_alone(numbers: Numbers) -> None:
    _, (good, bad) = await beginning(numbers, "good", "bad")
    numbers.broken.add("bad")
    numbers.write("good", "bad")
    assert await good == [1]
    with pytest.raises(LookupError, match="bad"):
        await bad
    # Whoever comes back begins anew
    numbers.broken.clear()
    again = Follower(numbers, "bad")
    numbers.write("bad")
    assert await again.take() == [2]


async def test_a_ring_before_the_first_row_is_awaited_is_kept(numbers: Numbers) -> None:
    follower = Follower(numbers, "e")
    numbers.write("e")
    for _ in range(10):
        await asyncio.sleep(0)
    assert numbers.reads == []
    assert await follower.take() == [1]


async def test_more_rows_than_one_read_gives(numbers: Numbers) -> None:
    follower = Follower(numbers, "e")
    taking = asyncio.create_task(follower.take(3 * BATCH + 1))
    await asyncio.sleep(0)
    numbers.write("e", rows=3 * BATCH + 1)
    assert await taking == [*range(1, 3 * BATCH + 2)]


async def test_a_slow_follower_gets_what_is_not_held_any_more(numbers: Numbers) -> None:
    slow, quick = Follower(numbers, "e"), Follower(numbers, "e")
    for _ in range(BATCH + 50):
        taking = asyncio.create_task(quick.take())
        await asyncio.sleep(0)
        numbers.write("e")
        await taking
    assert await slow.take(BATCH + 50) == [*range(1, BATCH + 51)]


async def test_nothing_is_left_when_the_last_has_left(numbers: Numbers) -> None:
    before = asyncio.all_tasks()
    followers, taking = await beginning(numbers, "one", "one", "other")
    numbers.write("one", "other")
    await asyncio.gather(*taking)
    for follower in followers:
        follower.feed.leave()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
    numbers.doorbell.ring("one", "other")
    late, [taking_late] = await beginning(numbers, "one")
    numbers.write("one")
    assert await taking_late == [2]
    late[0].feed.leave()
