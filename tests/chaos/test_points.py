"""Workers and APIs are killed or frozen at each named point; everything goes on and is seen once."""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager, suppress

import pytest

from tests.chaos.conftest import Product
from tests.chaos.points import Struck

#: Seconds; a busy machine is slow, and nothing here is about that.
pytestmark = pytest.mark.timeout(900)

#: Around the commits, the sends and the effects of an update.
OF_AN_UPDATE = (
    "worker before commit jobs.leases.LeaseKeeper._claim",
    "worker after commit jobs.leases.LeaseKeeper._claim",
    "worker before commit jobs.walk.Walk._begin",
    "worker after commit jobs.walk.Walk._begin",
    "worker before secrets.put",
    "worker after secrets.put",
    "worker before cluster.apply",
    "worker after cluster.apply",
    "worker before cluster.check_rollout",
    "worker after cluster.prune",
    "worker before dns.publish",
    "worker after dns.publish",
    "worker before commit jobs.walk.Walk._go_on",
    "worker after commit jobs.walk.Walk._go_on",
    "worker before commit jobs.walk.Walk._conclude",
    "worker after commit jobs.walk.Walk._conclude",
    "worker before ring",
    "worker after ring",
)
OF_A_DESTROY = (
    "worker before cluster.remove_workloads",
    "worker after cluster.remove_workloads",
    "worker before cluster.remove_resources",
    "worker after cluster.remove_namespace",
    "worker before dns.withdraw",
    "worker after dns.withdraw",
    "worker before secrets.remove",
    "worker after secrets.remove",
    "worker before commit jobs.walk.Walk._conclude",
)
OF_THE_API = (
    "api before commit a request",
    "api after commit a request",
    "api before send",
    "api after send",
    "api before ring",
)
#: Outside of transactions: whoever was frozen there goes on when it wakes.
FROZEN = ("worker after commit jobs.walk.Walk._begin", "worker before cluster.apply", "worker after dns.publish")
#: Inside, with SQLite's only write lock or the locks of rows.
FROZEN_IN_A_TRANSACTION = (
    "worker before commit jobs.walk.Walk._begin",
    "worker before commit jobs.walk.Walk._go_on",
    "api before commit a request",
)
#: Seconds, three times what a lease lasts and a takeover takes.
LONGEST_SLEEP = 30.0
FROZEN_IN_A_DESTROY = ("worker before cluster.remove_workloads", "worker after dns.withdraw")


def test_killed_at_every_point(product: Product) -> None:
    told = product.tell()

    told.struck_at(OF_AN_UPDATE, signal.SIGKILL, lambda: told.story.update("web"))
    told.check_running()
    told.struck_at(OF_THE_API, signal.SIGKILL, lambda: [told.story.update("web") for _ in OF_THE_API])
    told.check_running()
    told.struck_at(OF_A_DESTROY, signal.SIGKILL, told.story.destroy)

    told.check_destroyed()


def test_frozen_and_woken_when_another_has_taken_over(product: Product) -> None:
    told = product.tell()

    with waking(product):
        told.struck_at(FROZEN, signal.SIGSTOP, lambda: told.story.update("web"))
    told.check_running()
    with waking(product):
        told.struck_at(FROZEN_IN_A_DESTROY, signal.SIGSTOP, told.story.destroy)

    told.check_destroyed()


def test_frozen_inside_of_a_transaction_nobody_holds_others_up(product: Product) -> None:
    told = product.tell()

    # PostgreSQL ends the transaction of who is silent in it; on SQLite, the supervisor ends the process
    helped = waking(product) if product.servers.postgresql else product.fleet.ending_the_frozen()
    with helped:
        told.struck_at(FROZEN_IN_A_TRANSACTION, signal.SIGSTOP, lambda: told.story.update("web"))
    product.await_fleet()
    told.check_running()
    told.story.destroy()

    told.check_destroyed()


@contextmanager
def waking(product: Product) -> Generator[None]:
    """Wakes each frozen process once its lease is another's, and whoever is left at the end.

    One of its other threads may have been frozen inside of a write: on SQLite nobody can take over from that one, and
    it is woken too.
    """
    over = threading.Event()
    asleep = deque[tuple[Struck, float]]()
    known = len(product.points.struck())

    def look(now: float) -> None:
        nonlocal known
        struck = product.points.struck()
        asleep.extend((one, now) for one in struck[known:])
        known = len(struck)

    def keep_waking() -> None:
        while not over.wait(0.1):
            now = time.monotonic()
            look(now)
            # two workers: the first may wake when the second is frozen too, which the first's lease has outlived
            while len(asleep) > 1 or (asleep and now - asleep[0][1] > LONGEST_SLEEP):
                wake(asleep.popleft()[0])
        look(time.monotonic())
        for one, _ in asleep:
            wake(one)

    thread = threading.Thread(target=keep_waking)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def wake(one: Struck) -> None:
    with suppress(ProcessLookupError):
        os.kill(one.pid, signal.SIGCONT)
