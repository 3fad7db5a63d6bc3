"""Finds what nobody works on though somebody should, and runs it here.

One in every worker process; several do no harm, because a claim is won by one. It finds what was accepted and never
sent, what lost its lease, and what has waited long enough.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from models.operations.lease import due
from models.operations.liveness import Liveness, free_leases_of_the_dead

log = structlog.get_logger("phaseline.sweeper")


class Bench:
    """A bounded pool that runs each operation (or inquiry) at most once at a time in this process."""

    def __init__(self, run: Callable[[str], None], threads: int, name: str = "bench") -> None:
        self._run = run
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._room = threading.BoundedSemaphore(threads)
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def offer(self, operation_id: str) -> bool:
        """Runs the operation soon. False when it is being run here already, or no thread is free: it stays due."""
        with self._lock:
            if operation_id in self._busy or not self._room.acquire(blocking=False):
                return False
            self._busy.add(operation_id)
        self._pool.submit(self._work, operation_id).add_done_callback(_log_failure)
        return True

    def _work(self, operation_id: str) -> None:
        try:
            self._run(operation_id)
        finally:
            with self._lock:
                self._busy.discard(operation_id)
            self._room.release()

    def stop(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _log_failure(work: Future[None]) -> None:
    error = None if work.cancelled() else work.exception()
    if error is not None:
        log.error("work on the bench failed", exc_info=error)


class Sweeper:
    """Looks every `seconds`; `nudge` makes it look at once. `also`: a short look at what else is to be swept."""

    def __init__(
        self,
        database: Database,
        liveness: Liveness,
        owner: str,
        bench: Bench,
        also: Callable[[], None],
        *,
        seconds: float,
        batch: int = 50,
    ) -> None:
        self._database = database
        self._liveness = liveness
        self._owner = owner
        self._bench = bench
        self._also = also
        self._seconds = seconds
        self._batch = batch
        self._stopping = False
        self._look = threading.Event()
        self._thread = threading.Thread(target=self._keep_sweeping, name="sweeper", daemon=True)

    def start(self) -> None:
        self._liveness.announce(self._owner)
        self._thread.start()

    def nudge(self) -> None:
        self._look.set()

    def stop(self) -> None:
        self._stopping = True
        self._look.set()
        self._thread.join(timeout=5)

    def sweep(self) -> None:
        """One look. Raises SQLAlchemyError when the database is away."""
        self._liveness.announce(self._owner)
        with self._database.reading() as session:
            found = due(session, self._batch)
        for operation_id in found:
            self._bench.offer(operation_id)
        self._also()
        with self._database.writing() as session:
            dead = free_leases_of_the_dead(session, self._liveness)
        if dead:
            log.warning("freed the leases of dead workers", owners=dead)
            self._look.set()

    def _keep_sweeping(self) -> None:
        while not self._stopping:
            self._look.clear()
            try:
                self.sweep()
            except SQLAlchemyError as error:
                log.warning("the database is away", error=type(error).__name__)
            self._look.wait(self._seconds)
