"""How soon an idle worker looks for messages."""

import redis

from jobs.queue import LOOK_MILLISECONDS, QUEUE, make_broker


def test_no_pause_between_two_looks_is_as_long_as_dramatiq_makes_it() -> None:
    consumer = make_broker(redis.Redis(port=1), "test").consume(QUEUE, prefetch=1, timeout=1000)
    assert vars(consumer)["timeout"] == LOOK_MILLISECONDS
