"""A worker process without dramatiq: `python -m tests.jobs.faults.worker DATABASE_URL FOLDER NAME`.

It finds everything by its sweeper, so Redis is away for all of these tests. Prints a line for each change it made.
"""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import redis
from sqlalchemy import event

from jobs.leases import LeaseKeeper
from jobs.queue import Queue, Ring
from jobs.retries import RetryPolicy
from jobs.runner import Runner
from jobs.sweeper import Bench, Sweeper
from models.database import Database, open_database
from models.operation import Operation
from models.operations.liveness import liveness_of
from models.sealing import Sealer, generate_key
from tests.jobs.faults.outside import Outside


class PrintingQueue(Queue):
    """Tells the test instead of Redis."""

    def __init__(self, url: str) -> None:
        super().__init__(redis.Redis(port=1), "none")
        self._database = open_database(url)

    def send(self, operation_id: str) -> bool:
        return False

    def ring(self, ring: Ring) -> None:
        with self._database.reading() as session:
            operation = session.get(Operation, ring.operation)
        if operation is not None:
            sys.stdout.write(f"{operation.id} {operation.status}\n")
            sys.stdout.flush()


def one_transaction_at_a_time(database: Database) -> threading.Lock:
    """A lock that every transaction of this process on SQLite holds.

    A process that is frozen in the middle of one holds everybody up there, for as long as it is: that is known, and not
    what is tried here. PostgreSQL ends such a transaction.
    """
    lock = threading.Lock()
    if database.engine.dialect.name != "sqlite":
        return lock
    # a connection is taken for a transaction, before its BEGIN, and given back behind its end
    event.listen(database.engine, "checkout", _with(lock.acquire))
    event.listen(database.engine, "checkin", _with(lock.release))
    return lock


def _with(act: Callable[[], object]) -> Callable[..., None]:
    def listener(*_: object) -> None:
        act()

    return listener


def main(url: str, folder: Path, name: str) -> None:
    database = open_database(url)
    leases = LeaseKeeper(database, name, seconds=1.5, beat=0.3)
    ports = Outside(folder, one_transaction_at_a_time(database)).ports()
    runner = Runner(
        database, PrintingQueue(url), leases, lambda cluster: ports, Sealer(generate_key()), RetryPolicy(5, 0.05, 0.2)
    )
    bench = Bench(runner.run, 4)
    sweeper = Sweeper(database, liveness_of(database), name, bench, lambda: None, seconds=0.1)
    leases.start()
    sweeper.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
