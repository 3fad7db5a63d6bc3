"""Operations with steps that have nothing to do: from accepted to claimed, and how many a worker ends in a second."""

import time
from statistics import median

import dramatiq
from redis import Redis

from bench.accepting import Accepting
from bench.history import add_history
from bench.installation import installation, redis_alone
from bench.report import Goal, Section, Table
from bench.rounds import Scale
from bench.sides.bare_worker import DONE, NOTHING, bare_broker
from bench.workers import IDLE, working

REASON = "what limits it is the worker's CPU: its statements stay in the indexes of what is unfinished"
#: Operations that ended before.
HISTORIES = (10, 1_000, 100_000)
POLL = 0.02


def run(scale: Scale) -> Section:
    histories, single, many = (HISTORIES[:2], 10, 50) if scale.quick else (HISTORIES, 50, 100)
    found = {history: measure(history, single, many) for history in histories}
    bare = bare_rate(many * 5)
    (few_claim, _, few_rate), (many_claim, _, many_rate) = found[histories[0]], found[histories[-1]]
    rows = [
        [f"{history} operations in the tables", f"{claim:.0f}", f"{late:.0f}", f"{rate:.0f}"]
        for history, (claim, late, rate) in found.items()
    ]
    return Section(
        "Jobs",
        "`updateService` on PostgreSQL, with one worker process of eight threads and default settings, whose cluster, "
        "zone and secret store do everything at once. Milliseconds from the commit of an operation to its claim while "
        "the worker is idle, and operations a second when many were accepted before it looks: each is seven steps, "
        "every one of them written down and told. Bare dramatiq's messages do nothing.",
        [Table(["", "claimed, p50", "p99", "a second"], [*rows, ["bare dramatiq", "", "", f"{bare:.0f}"]])],
        [
            Goal("idle, from accepted to claimed, p50", few_claim, 25, unit="ms"),
            Goal(f"claimed with {histories[-1]} against {histories[0]}", many_claim / few_claim, 1.2),
            Goal(f"rate with {histories[0]} against {histories[-1]}", few_rate / many_rate, 1.2, reason=REASON),
        ],
    )


def measure(history: int, single: int, many: int) -> tuple[float, float, float]:
    """Milliseconds to a claim, p50 and p99, and operations a second."""
    with installation("PostgreSQL") as installed:
        add_history(installed.database, history)
        with working(IDLE, installed.environment) as worker:
            accepting = Accepting(installed)
            accepting.claimed_after()
            claims = sorted(accepting.claimed_after() for _ in range(single))
            worker.pause()
            for _ in range(many):
                accepting.accept()
            began = time.monotonic()
            worker.go_on()
            accepting.await_ends()
            rate = many / (time.monotonic() - began)
    return median(claims), claims[int(single * 0.99)], rate


def bare_rate(count: int) -> float:
    """Messages a second that a worker of dramatiq's takes and does nothing with."""
    with redis_alone() as environment, working("bench.sides.bare_worker:boot", environment) as worker:
        client = Redis.from_url(environment["REDIS_URL"])  # pyright: ignore[reportUnknownMemberType]
        broker = bare_broker(environment["REDIS_URL"])
        worker.pause()
        for _ in range(count):
            broker.enqueue(dramatiq.Message("default", NOTHING, (), {}, {}))  # pyright: ignore[reportUnknownMemberType]
        began = time.monotonic()
        worker.go_on()
        while int(client.get(DONE) or 0) < count:  # pyright: ignore
            time.sleep(POLL)
        return count / (time.monotonic() - began)
