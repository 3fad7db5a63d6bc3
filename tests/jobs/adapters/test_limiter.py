"""Turns, on a clock of the test's own."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.adapters.limiter import Limiter
from jobs.errors import NotYet


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def limiter(clock: Clock, per_second: float, burst: int) -> Limiter:
    return Limiter(per_second, burst, now=lambda: clock.now, sleep=clock.sleep)


def test_lets_a_burst_through_and_then_one_at_a_time() -> None:
    clock = Clock()
    five = limiter(clock, 4, burst=5)
    for _ in range(5):
        five.take()
    assert clock.slept == []
    five.take()
    assert clock.slept == [0.25]


def test_gives_the_thread_back_when_its_turn_is_far_away() -> None:
    clock = Clock()
    slow = Limiter(0.1, 1, now=lambda: clock.now, sleep=clock.sleep)
    slow.take()
    with pytest.raises(NotYet) as told:
        slow.take()
    assert told.value.look_again == pytest.approx(10)
    assert clock.slept == []
    clock.now += 10
    slow.take()


def test_lets_nothing_through_while_it_is_held() -> None:
    clock = Clock()
    five = limiter(clock, 4, burst=5)
    five.hold(30)
    with pytest.raises(NotYet) as told:
        five.take()
    assert told.value.look_again == pytest.approx(30)
    clock.now += 29
    five.take()
    assert clock.slept == [pytest.approx(1)]


@given(st.integers(1, 20), st.integers(1, 10), st.lists(st.floats(0, 2), max_size=60))
def test_never_more_than_the_burst_and_the_rate(per_second: int, burst: int, pauses: list[float]) -> None:
    clock = Clock()
    tried = limiter(clock, per_second, burst)
    taken: list[float] = []
    for pause in pauses:
        clock.now += pause
        with suppress(NotYet):
            tried.take()
            taken.append(clock.now)
    for first in range(len(taken)):
        for last in range(first, len(taken)):
            assert last - first + 1 <= burst + (taken[last] - taken[first]) * per_second + 1e-6
