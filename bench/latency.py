"""From the commit of a transition in one process to a subscriber of another."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from statistics import median

from redis import Redis

from bench.following import following_product
from bench.installation import Installation, installation
from bench.loading import load
from bench.report import Goal, Section, Table
from bench.rounds import Medians, Scale, in_turn
from bench.servers import Server, Side
from bench.workload import FOLLOWED, QUERIES
from models.reads.transitions import latest_transition

BASE, IDLE, BUSY = "one publish → receive and one read", "idle", "under load"
REASON = "the API reads the row through SQLAlchemy in a thread, executes the selection, and sends"
#: Between two events, in milliseconds.
PAUSE = 5
LOADING_CLIENTS = 4


def run(scale: Scale) -> Section:
    with (
        installation("PostgreSQL") as installed,
        following_product(Side("Phaseline", "product"), installed, 1) as follower,
    ):
        events = 20 if scale.quick else 100
        follower.deliver(events, PAUSE)

        def under_load() -> dict[str, float]:
            with loading(follower.server):
                return follower.deliver(events, PAUSE)

        sides: dict[str, Callable[[], dict[str, float]]] = {
            BASE: lambda: base(installed, events),
            IDLE: lambda: follower.deliver(events, PAUSE),
            BUSY: under_load,
        }
        found = in_turn(sides, scale.rounds, lambda measure: measure())
    more = found[IDLE]["p50"] - found[BASE]["p50"]
    return Section(
        "Latency",
        "Milliseconds from the commit of a transition to PostgreSQL by another process to its arrival at a subscriber "
        f"over WebSocket; under load {LOADING_CLIENTS} clients ask the same API process for an environment over and "
        "over. The first row is what no such path can do without: a message through Redis and a read of the row.",
        [Table(["", "p50", "p99"], [_row(name, medians) for name, medians in found.items()])],
        [Goal("idle, p50: more than publish → receive and a read", more, 3, unit="ms", reason=REASON)],
    )


def _row(name: str, medians: Medians) -> list[str]:
    return [name, f"{medians['p50']:.2f}", f"{medians['p99']:.2f}"]


@contextmanager
def loading(server: Server) -> Generator[None]:
    """Keeps the server busy until the end of the block."""
    over = threading.Event()

    def keep_asking() -> None:
        while not over.is_set():
            load(server, *QUERIES["small"], 0.5, LOADING_CLIENTS)

    thread = threading.Thread(target=keep_asking)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def base(installed: Installation, rounds: int) -> dict[str, float]:
    client = Redis.from_url(installed.environment["REDIS_URL"])  # pyright: ignore[reportUnknownMemberType]
    hearing = client.pubsub()  # pyright: ignore[reportUnknownMemberType]
    hearing.subscribe("bench")  # pyright: ignore[reportUnknownMemberType]
    hearing.get_message(timeout=5)  # pyright: ignore[reportUnknownMemberType]
    times: list[float] = []
    for _ in range(rounds):
        began = time.monotonic()
        client.publish("bench", FOLLOWED)  # pyright: ignore[reportUnknownMemberType]
        hearing.get_message(timeout=5)  # pyright: ignore[reportUnknownMemberType]
        with installed.database.reading() as session:
            latest_transition(session, FOLLOWED)
        times.append((time.monotonic() - began) * 1000)
    times.sort()
    hearing.close()
    return {"p50": median(times), "p99": times[int(rounds * 0.99)]}
